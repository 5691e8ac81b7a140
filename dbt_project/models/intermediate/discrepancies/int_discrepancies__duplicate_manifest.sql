-- A second RTV number for the same lines on the same AWB (ruling 37). One row per later RTV.
with

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        declared_qty as expected_qty,
        0::bigint as observed_qty,
        'platform' as liable_role,
        platform_code as liable_party_code,
        'medium' as confidence,
        true as is_final,
        first_created_at as first_seen_at,
        'The RTV repeats AWB and lines of ' || original_rtv_no || '.' as liability_reason
    from rtvs
    where is_duplicate

),

final as (

    select
        {{ discrepancy_columns('duplicate_manifest', ['platform_code', 'rtv_no'],
            ['platform_code', 'rtv_no', 'expected_qty', 'observed_qty', 'liable_role', 'liable_party_code',
            'liability_reason', 'confidence', 'is_final', 'first_seen_at']) }}
    from found

)

select * from final
