-- Whether everything about a line is known yet, how far it came and how its captures were matched (rulings
-- 21, 23). One row per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__seen') }}

),

line_consignments as (

    select * from {{ ref('int_rtv_line_consignments__declared') }}

),

unit_lines as (

    select * from {{ ref('int_unit_lines__assigned') }}

),

items as (

    select * from {{ ref('int_captured_items__assembled') }}

),

capture_rtvs as (

    select * from {{ ref('int_capture_rtvs__matched') }}

),

sightings as (

    select * from {{ ref('int_sightings__matched') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__evidenced') }}

),

travelled_on as (

    select
        line_key,
        consignment_key
    from line_consignments
    union
    select
        unit_lines.line_key,
        items.consignment_key
    from unit_lines
    inner join items
        on unit_lines.captured_item_key = items.captured_item_key
    left join line_consignments
        on unit_lines.line_key = line_consignments.line_key
    where line_consignments.line_key is null

),

staged as (

    select
        travelled_on.line_key,
        bool_and(consignments.is_qc_complete or consignments.is_lost) as is_complete,
        count(*) as consignment_count,
        min(consignments.awb_no) as awb_no,
        min(consignments.transporter_code) as transporter_code,
        min(
            case
                when consignments.capture_count > 0 then 6
                when consignments.receipt_count > 0 then 5
                when consignments.delivered_at is not null then 4
                when consignments.first_in_transit_at is not null then 3
                when consignments.first_picked_up_at is not null then 2
                else 1
            end
        ) as stage_no,
        min(consignments.first_picked_up_at) as picked_up_at,
        min(consignments.delivered_at) as delivered_at,
        min(consignments.first_handover_at) as handover_at,
        max(consignments.qc_completed_at) as qc_completed_at
    from travelled_on
    inner join consignments
        on travelled_on.consignment_key = consignments.consignment_key
    group by travelled_on.line_key

),

captured_on as (

    select distinct
        unit_lines.line_key,
        unit_lines.rtv_key,
        items.tenant_code,
        items.capture_id
    from unit_lines
    inner join items
        on unit_lines.captured_item_key = items.captured_item_key

),

all_captures as (

    select * from captured_on
    union
    select
        lines.line_key,
        lines.rtv_key,
        capture_rtvs.tenant_code,
        capture_rtvs.capture_id
    from lines
    inner join capture_rtvs
        on lines.rtv_key = capture_rtvs.rtv_key
    left join captured_on
        on lines.line_key = captured_on.line_key
    where captured_on.line_key is null

),

matched as (

    select
        all_captures.line_key,
        max(
            case sightings.match_method
                when 'rtv_no' then 1
                when 'awb_exact' then 2
                when 'awb_alias' then 3
                when 'fit' then 4
                else 5
            end
        ) as method_no,
        bool_or(sightings.is_contradicted) as is_contradicted
    from all_captures
    inner join sightings
        on
            all_captures.tenant_code = sightings.tenant_code
            and all_captures.capture_id = sightings.sighting_id
            and sightings.sighting_kind = 'capture'
    group by all_captures.line_key

),

final as (

    select
        lines.line_key,
        staged.transporter_code,
        staged.picked_up_at,
        staged.delivered_at,
        staged.handover_at,
        staged.qc_completed_at,
        coalesce(staged.is_complete, false)
        or lines.is_duplicate
        or coalesce(rtvs.is_finally_without_goods, false) as is_complete,
        coalesce(rtvs.is_finally_without_goods, false) as is_without_goods,
        case when staged.consignment_count = 1 then staged.awb_no end as awb_no,
        (array['declared', 'picked_up', 'in_transit', 'delivered', 'at_gate', 'in_qc'])[
            coalesce(staged.stage_no, 1)
        ]
            as reached_stage,
        (array['rtv_no', 'awb_exact', 'awb_alias', 'fit', 'blind'])[matched.method_no] as match_method,
        case
            when matched.method_no is null then null
            when matched.method_no > 2 or matched.is_contradicted then 'low'
            else 'high'
        end as match_confidence
    from lines
    left join rtvs
        on lines.rtv_key = rtvs.rtv_key
    left join staged
        on lines.line_key = staged.line_key
    left join matched
        on lines.line_key = matched.line_key

)

select * from final
