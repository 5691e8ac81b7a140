-- The thresholds that hold for a consignment: those of its oldest RTV. One row per consignment that carries
-- an RTV.
with

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

contracts as (

    select * from {{ ref('int_rtvs__contracted') }}

),

ranked as (

    select
        consignment_rtvs.consignment_key,
        consignment_rtvs.rtv_key,
        row_number() over (
            partition by consignment_rtvs.consignment_key
            order by consignment_rtvs.first_created_at, consignment_rtvs.rtv_no
        ) as rtv_rank
    from consignment_rtvs

),

final as (

    select
        ranked.consignment_key,
        ranked.rtv_key as oldest_rtv_key,
        contracts.pickup_due_days,
        contracts.lost_after_days,
        contracts.weight_tolerance_pct,
        contracts.delivery_due_days,
        contracts.qc_due_hours
    from ranked
    inner join contracts
        on ranked.rtv_key = contracts.rtv_key
    where ranked.rtv_rank = 1

)

select * from final
