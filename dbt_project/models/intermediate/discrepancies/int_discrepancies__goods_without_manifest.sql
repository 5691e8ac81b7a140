-- Goods at the gate or the bay that no RTV claims after the days of grace (ruling 38). One row per
-- consignment.
with

consignments as (

    select * from {{ ref('int_consignments__attested') }}

),

contracts as (

    select * from {{ ref('stg_rtv__contracts_in_force') }}

),

defaults as (

    select * from {{ ref('int_thresholds__pivoted') }}

),

graces as (

    select
        tenant_code,
        max(manifest_grace_days) as manifest_grace_days
    from contracts
    where
        {{ local_date(as_of(), reporting_timezone()) }}
        between effective_from and coalesce(effective_to, date '9999-12-31')
    group by tenant_code

),

waited as (

    select
        consignments.*,
        coalesce(graces.manifest_grace_days, defaults.manifest_grace_days) as manifest_grace_days,
        coalesce(consignments.first_handover_at, consignments.first_started_at) as arrived_at
    from consignments
    cross join defaults
    left join graces
        on consignments.tenant_code = graces.tenant_code
    where
        consignments.rtv_count = 0
        and (
            consignments.receipt_count > 0
            or consignments.capture_count > 0
        )

),

found as (

    select
        tenant_code,
        transporter_code,
        awb_no,
        node_code,
        bay_code,
        camera_code,
        0::bigint as expected_qty,
        scanned_qty as observed_qty,
        'platform' as liable_role,
        false as is_final,
        'Goods arrived under ' || awb_no || ' and ' || manifest_grace_days
        || ' days later no RTV names them.' as liability_reason,
        case
            when delivered_at is not null or is_gate_filmed or is_filmed then 'high'
            else 'medium'
        end as confidence,
        arrived_at + manifest_grace_days * interval '24 hours' as first_seen_at,
        coalesce(first_handover_at, first_started_at) as window_start_at,
        coalesce(last_handover_at, last_ended_at) as window_end_at
    from waited
    where {{ is_past('manifest_grace_days', 'arrived_at') }}

),

final as (

    select
        {{ discrepancy_columns('goods_without_manifest', ['transporter_code', 'awb_no'],
            ['transporter_code', 'awb_no', 'expected_qty', 'observed_qty', 'liable_role', 'liability_reason',
            'confidence', 'is_final', 'first_seen_at', 'window_start_at', 'window_end_at', 'node_code', 'bay_code',
            'camera_code']) }}
    from found

)

select * from final
