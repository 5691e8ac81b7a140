-- What the transporter's events say of a consignment: counts, times, seal, remark (rulings 8, 32, 33). One
-- row per consignment with events.
with

events as (

    select * from {{ ref('int_events__matched') }}

),

seal_words as (

    select * from {{ ref('seal_remark_words') }}

),

clean_remarks as (

    select * from {{ ref('clean_pod_remarks') }}

),

ranked as (

    select
        events.*,
        row_number() over (
            partition by events.consignment_key, events.status, events.cartons is not null
            order by events.event_at desc, events.cartons asc
        ) as carton_rank,
        row_number() over (
            partition by events.consignment_key, events.status, events.weight_kg is not null
            order by events.event_at desc, events.weight_kg asc
        ) as weight_rank,
        row_number() over (
            partition by events.consignment_key, events.status, events.seal_state is not null
            order by events.event_at desc, events.seal_state asc
        ) as seal_rank,
        exists(
            select 1
            from seal_words
            where
                {{ words_of('events.remark') }} like '%'
                || {{ words_of('seal_words.seal_remark_word') }}
                || '%'
        ) as is_seal_remarked,
        events.remark is not null
        and not exists (
            select 1
            from clean_remarks
            where {{ words_of('events.remark') }} = {{ words_of('clean_remarks.clean_pod_remark') }}
        ) as is_remarked
    from events

),

final as (

    select
        consignment_key,
        tenant_code,
        max(case when status = 'picked_up' and carton_rank = 1 then cartons end)::bigint as picked_up_cartons,
        max(case when status = 'picked_up' and weight_rank = 1 then weight_kg end) as picked_up_weight_kg,
        max(case when status = 'picked_up' and seal_rank = 1 then seal_state end) as pickup_seal_state,
        coalesce(bool_or(status = 'picked_up' and is_seal_remarked), false) as is_pickup_seal_remarked,
        (
            max(case when status = 'delivered' and carton_rank = 1 then cartons end)
        )::bigint as last_delivered_cartons,
        sum(case when status = 'partially_delivered' then cartons end)::bigint as partially_delivered_cartons,
        coalesce(bool_or(status in ('delivered', 'partially_delivered') and is_remarked), false)
            as is_pod_remarked,
        coalesce(bool_or(status in ('delivered', 'partially_delivered') and signed_by is not null), false)
            as is_pod_signed,
        min(case when status in ('delivered', 'partially_delivered') and is_remarked then remark end)
            as pod_remark,
        min(case when status = 'picked_up' then event_at end) as first_picked_up_at,
        min(case
            when status in (
                'in_transit', 'at_destination_hub', 'out_for_delivery', 'attempt_failed', 'on_hold',
                'delayed'
            ) then event_at
        end) as first_in_transit_at,
        max(case when status in ('delivered', 'partially_delivered') then event_at end) as delivered_at,
        min(case when status in ('lost', 'destroyed') then event_at end) as lost_event_at
    from ranked
    group by consignment_key, tenant_code

)

select * from final
