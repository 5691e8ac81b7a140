-- The account of every RTV line by the law of units (rulings 20 to 25, 53). One row per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__seen') }}

),

completed as (

    select * from {{ ref('int_rtv_lines__completed') }}

),

legs as (

    select * from {{ ref('int_rtv_line_legs__explained') }}

),

pairs as (

    select * from {{ ref('int_rtv_line_pairs__paired') }}

),

replaced as (

    select
        short_line_key,
        sum(paired_qty) as paired_qty
    from pairs
    group by short_line_key

),

substituted as (

    select
        surplus_line_key,
        sum(paired_qty) as paired_qty
    from pairs
    group by surplus_line_key

),

explained as (

    select
        line_key,
        sum(explained_qty) as explained_qty,
        bool_or(is_inferred) as is_inferred
    from legs
    group by line_key

),

counted as (

    select
        lines.*,
        completed.is_complete,
        completed.is_without_goods,
        completed.transporter_code,
        completed.awb_no,
        completed.reached_stage,
        completed.match_method,
        completed.match_confidence,
        completed.picked_up_at,
        completed.delivered_at,
        completed.handover_at,
        completed.qc_completed_at,
        coalesce(replaced.paired_qty, 0)::bigint as wrong_item_in_place_qty,
        coalesce(substituted.paired_qty, 0)::bigint as substituted_qty,
        coalesce(explained.explained_qty, 0)::bigint as explained_qty,
        coalesce(explained.is_inferred, false) as is_share_inferred
    from lines
    inner join completed
        on lines.line_key = completed.line_key
    left join replaced
        on lines.line_key = replaced.short_line_key
    left join substituted
        on lines.line_key = substituted.surplus_line_key
    left join explained
        on lines.line_key = explained.line_key

),

final as (

    select
        line_key as rtv_line_key,
        rtv_key,
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        transporter_code,
        awb_no,
        currency_code,
        declared_qty,
        condition_failed_qty,
        wrong_item_in_place_qty,
        substituted_qty,
        foreign_qty,
        filled_qty as returned_qty,
        declared_value_minor,
        unit_value_minor,
        reached_stage,
        match_method,
        match_confidence,
        is_complete,
        is_duplicate,
        is_without_goods,
        is_share_inferred,
        first_created_at,
        picked_up_at,
        delivered_at,
        handover_at,
        qc_completed_at,
        first_seen_at,
        window_start_at,
        window_end_at,
        filled_qty + surplus_qty + foreign_qty as received_qty,
        filled_qty - condition_failed_qty as accepted_qty,
        case when is_complete then unseen_qty - wrong_item_in_place_qty else 0 end as short_qty,
        case when is_complete then 0 else unseen_qty end as pending_qty,
        surplus_qty - substituted_qty as excess_qty,
        case when is_complete then unseen_qty - wrong_item_in_place_qty - explained_qty else 0 end
            as unit_short_qty,
        case when is_complete then 'closed' else reached_stage end as stage,
        is_complete or unseen_qty = 0 as is_final
    from counted

)

select * from final
