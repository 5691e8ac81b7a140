-- Whether everything about a line is known yet, how far it came and how its captures were matched (rulings
-- 21, 23). One row per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__seen') }}

),

travelled as (

    select * from {{ ref('int_rtv_lines__travelled') }}

),

captured as (

    select * from {{ ref('int_rtv_lines__captured') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__evidenced') }}

),

final as (

    select
        lines.line_key,
        travelled.transporter_code,
        travelled.picked_up_at,
        travelled.delivered_at,
        travelled.handover_at,
        travelled.qc_completed_at,
        coalesce(travelled.is_complete, false)
        or lines.is_duplicate
        or coalesce(rtvs.is_finally_without_goods, false) as is_complete,
        coalesce(rtvs.is_finally_without_goods, false) as is_without_goods,
        case when travelled.consignment_count = 1 then travelled.awb_no end as awb_no,
        (array['declared', 'picked_up', 'in_transit', 'delivered', 'at_gate', 'in_qc'])[
            coalesce(travelled.stage_no, 1)
        ]
            as reached_stage,
        (array['rtv_no', 'awb_exact', 'awb_alias', 'fit', 'blind'])[captured.method_no] as match_method,
        case
            when captured.method_no is null then null
            when captured.method_no > 2 or captured.is_contradicted then 'low'
            else 'high'
        end as match_confidence
    from lines
    left join rtvs
        on lines.rtv_key = rtvs.rtv_key
    left join travelled
        on lines.line_key = travelled.line_key
    left join captured
        on lines.line_key = captured.line_key

)

select * from final
