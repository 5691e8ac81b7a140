-- What speaks for an RTV having moved at all, and whether it is one without goods (ruling 36). One row per
-- RTV that a manifest or a debit note names.
with

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

contracts as (

    select * from {{ ref('int_rtvs__contracted') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

debit_lines as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

thresholds as (

    select * from {{ ref('int_thresholds__pivoted') }}

),

evidenced as (

    select
        consignment_rtvs.rtv_key,
        bool_or(consignments.first_picked_up_at is not null) as is_picked_up,
        bool_or(consignments.receipt_count > 0) as is_received,
        bool_or(consignments.capture_count > 0) as is_captured,
        bool_or(consignments.is_lost) as is_lost
    from consignment_rtvs
    inner join consignments
        on consignment_rtvs.consignment_key = consignments.consignment_key
    group by consignment_rtvs.rtv_key

),

debited as (

    select
        rtv_key,
        tenant_code,
        platform_code,
        rtv_no,
        min(debited_on) as debited_on,
        min(debit_note_no) as debit_note_no,
        sum(qty)::bigint as debited_qty
    from debit_lines
    group by rtv_key, tenant_code, platform_code, rtv_no

),

joined as (

    select
        coalesce(rtvs.rtv_key, debited.rtv_key) as rtv_key,
        coalesce(rtvs.tenant_code, debited.tenant_code) as tenant_code,
        coalesce(rtvs.platform_code, debited.platform_code) as platform_code,
        coalesce(rtvs.rtv_no, debited.rtv_no) as rtv_no,
        debited.debit_note_no,
        coalesce(rtvs.declared_qty, 0) as declared_qty,
        coalesce(debited.debited_qty, 0) as debited_qty,
        rtvs.rtv_key is not null as is_declared,
        debited.rtv_key is not null as is_debited,
        coalesce(rtvs.is_duplicate, false) as is_duplicate,
        coalesce(evidenced.is_picked_up or evidenced.is_received or evidenced.is_captured, false) as is_moved,
        coalesce(evidenced.is_lost, false) as is_lost,
        coalesce(
            {{ is_past(
                'coalesce(contracts.pickup_due_days, thresholds.pickup_due_days)',
                'coalesce(rtvs.first_created_at, debited.debited_on::timestamptz)'
            ) }},
            false
        ) as is_pickup_overdue,
        debited.debited_on,
        rtvs.first_created_at
    from rtvs
    full outer join debited
        on rtvs.rtv_key = debited.rtv_key
    cross join thresholds
    left join contracts
        on rtvs.rtv_key = contracts.rtv_key
    left join evidenced
        on rtvs.rtv_key = evidenced.rtv_key

),

final as (

    select
        *,
        (
            not is_duplicate
            and not is_moved
            and not is_lost
            and (is_debited or is_pickup_overdue)
        ) as is_without_goods,
        (
            not is_duplicate
            and not is_moved
            and not is_lost
            and is_pickup_overdue
        ) as is_finally_without_goods
    from joined

)

select * from final
