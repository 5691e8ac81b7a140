{# Units of one leg by largest remainder where no cartons are named (ruling 30). Expects the relation
   `shares_<n-1>` with room left per line and consignment; makes `dealt_<n>` and `shares_<n>`. #}
{% macro carton_share_leg(number, missing) -%}
    {%- set before = 'shares_' ~ (number - 1) -%}
    shared_{{ number }} as (

    select
        *,
        least(
            (declared_qty * {{ missing }} - mod(declared_qty * {{ missing }}, declared_cartons)) / declared_cartons,
            room_qty
        ) as floor_qty,
        mod(declared_qty * {{ missing }}, declared_cartons) as fraction,
        least(
            floor(
                (
                    2 * sum(declared_qty) over (partition by consignment_key) * {{ missing }} + declared_cartons
                ) / (2 * declared_cartons)
            ),
            sum(room_qty) over (partition by consignment_key)
        )::bigint as target_qty
    from {{ before }}

),

rested_{{ number }} as (

    select
        *,
        (target_qty - sum(floor_qty) over (partition by consignment_key))::bigint as rest_qty
    from shared_{{ number }}

),

queued_{{ number }} as (

    select
        rested.line_key,
        rested.consignment_key,
        rested.rest_qty,
        row_number() over (
            partition by rested.consignment_key
            order by rounds.round_no, rested.fraction desc, rested.sku_code, rested.batch_no, rested.line_order
        ) as queue_no
    from rested_{{ number }} as rested
    cross join lateral {{ one_to('least(rested.room_qty - rested.floor_qty, rested.rest_qty)') }} as rounds (round_no)

),

served_{{ number }} as (

    select
        line_key,
        consignment_key,
        count(*) as extra_qty
    from queued_{{ number }}
    where queue_no <= rest_qty
    group by line_key, consignment_key

),

dealt_{{ number }} as (

    select
        rested.line_key,
        rested.consignment_key,
        (rested.floor_qty + coalesce(served.extra_qty, 0))::bigint as dealt_qty
    from rested_{{ number }} as rested
    left join served_{{ number }} as served
        on
            rested.line_key = served.line_key
            and rested.consignment_key = served.consignment_key

),

shares_{{ number }} as (

    select
        shares.line_key,
        shares.consignment_key,
        shares.sku_code,
        shares.batch_no,
        shares.line_order,
        shares.declared_qty,
        shares.declared_cartons,
        shares.missing_at_pickup_cartons,
        shares.missing_in_transit_cartons,
        shares.missing_at_gate_cartons,
        shares.room_qty - dealt.dealt_qty as room_qty
    from {{ before }} as shares
    inner join dealt_{{ number }} as dealt
        on
            shares.line_key = dealt.line_key
            and shares.consignment_key = dealt.consignment_key

)
{%- endmacro %}
