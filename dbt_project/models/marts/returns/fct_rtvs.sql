-- Return documents with what became of them. One row per RTV.
with

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

summed as (

    select
        rtv_key,
        {{ typed('count', 'sum(received_qty)') }} as received_qty,
        {{ typed('count', 'sum(accepted_qty)') }} as accepted_qty,
        {{ typed('count', 'sum(condition_failed_qty)') }} as condition_failed_qty,
        {{ typed('count', 'sum(short_qty)') }} as short_qty,
        {{ typed('count', 'sum(wrong_item_in_place_qty)') }} as wrong_item_in_place_qty,
        {{ typed('count', 'sum(pending_qty)') }} as pending_qty,
        {{ typed('count', 'sum(excess_qty)') }} as excess_qty,
        {{ typed('count', 'sum(substituted_qty)') }} as substituted_qty,
        {{ typed('count', 'sum(foreign_qty)') }} as foreign_qty,
        bool_and(is_final) as is_final,
        bool_and(is_complete) as is_complete,
        min(picked_up_at) as picked_up_at,
        min(delivered_at) as delivered_at,
        min(handover_at) as handover_at,
        max(qc_completed_at) as qc_completed_at,
        {{ stage_of('min(' ~ stage_no('reached_stage') ~ ')') }} as reached_stage
    from lines
    group by rtv_key

),

travelled as (

    select
        consignment_rtvs.rtv_key,
        {{ joined_texts('consignments.awb_no', ', ') }} as awb_nos,
        {{ joined_texts('consignments.transporter_code', ', ') }} as transporter_codes,
        {{ typed('count', 'sum(consignment_rtvs.declared_cartons)') }} as declared_cartons
    from consignment_rtvs
    inner join consignments
        on consignment_rtvs.consignment_key = consignments.consignment_key
    group by consignment_rtvs.rtv_key

),

final as (

    select
        rtvs.rtv_key,
        rtvs.tenant_code,
        rtvs.platform_code,
        rtvs.rtv_no,
        rtvs.revision_no,
        rtvs.original_rtv_no,
        rtvs.ownership_model,
        rtvs.origin_node,
        rtvs.destination_node,
        travelled.transporter_codes,
        travelled.awb_nos,
        rtvs.currency_code,
        travelled.declared_cartons,
        rtvs.declared_qty,
        summed.received_qty,
        summed.accepted_qty,
        summed.condition_failed_qty,
        summed.short_qty,
        summed.wrong_item_in_place_qty,
        summed.pending_qty,
        summed.excess_qty,
        summed.substituted_qty,
        summed.foreign_qty,
        rtvs.declared_value_minor,
        summed.is_final,
        rtvs.is_duplicate,
        rtvs.created_on,
        rtvs.first_created_at as created_at,
        summed.picked_up_at,
        summed.delivered_at,
        summed.handover_at,
        summed.qc_completed_at,
        case when summed.is_complete then 'closed' else summed.reached_stage end as stage
    from rtvs
    inner join summed
        on rtvs.rtv_key = summed.rtv_key
    left join travelled
        on rtvs.rtv_key = travelled.rtv_key

)

select * from final
