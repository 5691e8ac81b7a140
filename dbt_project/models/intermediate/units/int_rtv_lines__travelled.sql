-- How far the consignments of a line came, and whether QC of all of them is complete (rulings 21, 23); a line
-- that no consignment declares travelled where its units were captured. One row per RTV line.
with

line_consignments as (

    select * from {{ ref('int_rtv_line_consignments__declared') }}

),

unit_lines as (

    select * from {{ ref('int_unit_lines__assigned') }}

),

items as (

    select * from {{ ref('int_captured_items__assembled') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

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

final as (

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

)

select * from final
