-- A second RTV number for the same lines on the same AWB (ruling 37). One row per later RTV.
with

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

-- The first of the twins carries the goods: what others counted of it bears out that one load travelled.
counted as (

    select
        consignment_rtvs.rtv_key,
        sum(consignments.declared_cartons) as declared_cartons,
        sum(coalesce(consignments.gate_cartons, consignments.picked_up_cartons)) as seen_cartons
    from consignment_rtvs
    inner join consignments
        on consignment_rtvs.consignment_key = consignments.consignment_key
    group by consignment_rtvs.rtv_key

),

found as (

    select
        repeated.tenant_code,
        repeated.platform_code,
        repeated.rtv_no,
        repeated.declared_qty as expected_qty,
        0 as observed_qty,
        'platform' as liable_role,
        repeated.platform_code as liable_party_code,
        null as runner_up_role,
        true as is_final,
        repeated.first_created_at as first_seen_at,
        'The RTV repeats AWB and lines of ' || repeated.original_rtv_no || ', '
        || {{ counted('repeated.declared_qty', 'unit') }} || '; ' || coalesce(
            {{ counted('counted.seen_cartons', 'carton') }} || ' travelled of '
            || counted.declared_cartons || ' declared once.',
            'no count of cartons is known yet.'
        ) as liability_reason,
        {{ confidence('false', 'counted.seen_cartons <= counted.declared_cartons') }} as confidence
    from rtvs as repeated
    left join rtvs as original
        on
            repeated.tenant_code = original.tenant_code
            and repeated.platform_code = original.platform_code
            and repeated.original_rtv_no = original.rtv_no
    left join counted
        on original.rtv_key = counted.rtv_key
    where repeated.is_duplicate

),

final as (

    select
        {{ discrepancy_columns('duplicate_manifest', 'rtv', ['liable']) }}
    from found

)

select * from final
