-- Since when an RTV can be told to be without goods, and whether the transporter says so too (ruling 36). One
-- row per RTV that a manifest or a debit note names.
with

rtvs as (

    select * from {{ ref('int_rtvs__evidenced') }}

),

contracts as (

    select * from {{ ref('int_rtvs__contracted') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

events as (

    select * from {{ ref('int_events__matched') }}
    where status in ('pickup_failed', 'pickup_qc_failed', 'cancelled')

),

refused as (

    select
        consignment_rtvs.rtv_key,
        max(events.event_at) as refused_at
    from consignment_rtvs
    inner join events
        on consignment_rtvs.consignment_key = events.consignment_key
    group by consignment_rtvs.rtv_key

),

final as (

    select
        rtvs.rtv_key,
        rtvs.tenant_code,
        rtvs.platform_code,
        rtvs.rtv_no,
        rtvs.declared_qty,
        rtvs.debited_qty,
        rtvs.is_declared,
        rtvs.is_debited,
        rtvs.is_without_goods,
        rtvs.is_finally_without_goods,
        refused.refused_at,
        least(
            {{ start_of_day('rtvs.debited_on', reporting_timezone()) }},
            case
                when rtvs.is_pickup_overdue
                    then rtvs.first_created_at + {{ hours('contracts.pickup_due_days * 24') }}
            end
        ) as first_seen_at
    from rtvs
    left join contracts
        on rtvs.rtv_key = contracts.rtv_key
    left join refused
        on rtvs.rtv_key = refused.rtv_key

)

select * from final
