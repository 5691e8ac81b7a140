-- Units declared beyond what was dispatched and not yet returned, whoever counted them (ruling 51). One row
-- per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__accumulated') }}

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        declared_qty as observed_qty,
        'platform' as liable_role,
        platform_code as liable_party_code,
        'medium' as confidence,
        null::text as runner_up_role,
        true as is_final,
        true as is_overlay,
        first_created_at as first_seen_at,
        greatest(declared_qty - (measured_declared_qty - measured_dispatched_qty), 0) as expected_qty,
        'With this return '
        || measured_declared_qty
        || ' units were declared back of '
        || measured_dispatched_qty
        || ' dispatched up to it.' as liability_reason
    from lines
    where measured_declared_qty > measured_dispatched_qty

),

final as (

    select
        {{ discrepancy_columns('over_return', ['platform_code', 'rtv_no', 'sku_code', 'batch_no'],
            ['platform_code', 'rtv_no', 'sku_code', 'batch_no', 'expected_qty', 'observed_qty', 'liable_role',
            'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role', 'is_final', 'is_overlay',
            'first_seen_at']) }}
    from found

)

select * from final
