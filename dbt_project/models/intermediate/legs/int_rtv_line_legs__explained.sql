-- Unseen units of a line with the rule that explains where they went, from the first leg to the last, each
-- unit once. One row per RTV line, consignment and rule; one more explanation is one more branch.
with

lines as (

    select * from {{ ref('int_rtv_lines__seen') }}

),

completed as (

    select * from {{ ref('int_rtv_lines__completed') }}

),

unseen as (

    select * from {{ ref('int_rtv_line_consignments__unseen') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

named as (

    select * from {{ ref('int_rtv_line_legs__named') }}

),

shared as (

    select * from {{ ref('int_rtv_line_legs__shared') }}

),

explained as (

    select
        lines.line_key,
        null::text as consignment_key,
        'duplicate_manifest' as rule_code,
        lines.unseen_qty as explained_qty,
        false as is_inferred
    from lines
    where lines.is_duplicate
    union all
    select
        lines.line_key,
        null::text as consignment_key,
        'debit_without_goods' as rule_code,
        lines.unseen_qty as explained_qty,
        false as is_inferred
    from lines
    inner join completed
        on lines.line_key = completed.line_key
    where completed.is_without_goods
    union all
    select
        unseen.line_key,
        unseen.consignment_key,
        'consignment_lost' as rule_code,
        unseen.unseen_qty as explained_qty,
        false as is_inferred
    from unseen
    inner join consignments
        on unseen.consignment_key = consignments.consignment_key
    inner join completed
        on unseen.line_key = completed.line_key
    where
        consignments.is_lost
        and not completed.is_without_goods
    union all
    select
        line_key,
        consignment_key,
        (array['carton_short_at_pickup', 'carton_lost_in_transit', 'carton_short_at_gate'])[leg_no]
            as rule_code,
        explained_qty,
        false as is_inferred
    from named
    union all
    select
        line_key,
        consignment_key,
        (array['carton_short_at_pickup', 'carton_lost_in_transit', 'carton_short_at_gate'])[leg_no]
            as rule_code,
        explained_qty,
        true as is_inferred
    from shared

),

final as (

    select
        explained.line_key,
        explained.consignment_key,
        explained.rule_code,
        explained.explained_qty,
        completed.is_complete,
        explained.is_inferred
    from explained
    inner join completed
        on explained.line_key = completed.line_key
    where explained.explained_qty > 0

)

select * from final
