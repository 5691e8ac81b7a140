-- Goods at the gate or the bay that no RTV claims after the days of grace (ruling 38). One row per
-- consignment.
with

consignments as (

    select * from {{ ref('int_consignments__witnessed') }}
    where
        rtv_count = 0
        and (
            receipt_count > 0
            or capture_count > 0
        )

),

contracts as (

    select * from {{ ref('stg_rtv__contracts_in_force') }}

),

defaults as (

    select * from {{ ref('int_thresholds__pivoted') }}

),

graces as (

    select
        contracts.tenant_code,
        max(coalesce(contracts.manifest_grace_days, defaults.manifest_grace_days)) as manifest_grace_days
    from contracts
    cross join defaults
    where
        {{ local_date(as_of(), reporting_timezone()) }}
        between contracts.effective_from and coalesce(contracts.effective_to, date '9999-12-31')
    group by contracts.tenant_code

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

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        transporter_code,
        awb_no,
        node_code,
        bay_code,
        camera_code,
        0 as expected_qty,
        scanned_qty as observed_qty,
        'platform' as liable_role,
        null as liable_party_code,
        null as runner_up_role,
        false as is_final,
        arrived_at as window_start_at,
        coalesce(last_handover_at, last_ended_at) as window_end_at,
        arrived_at + {{ hours('manifest_grace_days * 24') }} as first_seen_at,
        'Goods arrived under ' || awb_no || ' on ' || {{ utc_text('arrived_at') }} || ', '
        || {{ counted('scanned_qty', 'unit') }} || ' scanned, and ' || manifest_grace_days
        || ' days later no RTV names them.'
            as liability_reason,
        {{ confidence('false', 'delivered_at is not null or is_gate_filmed or is_filmed') }} as confidence
    from waited
    where {{ is_past('manifest_grace_days', 'arrived_at') }}

),

final as (

    select
        {{ discrepancy_columns(
            'goods_without_manifest', 'consignment', ['liable', 'window', 'camera_code']
        ) }}
    from found

)

select * from final
