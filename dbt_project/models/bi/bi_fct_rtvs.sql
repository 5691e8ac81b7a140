-- Relation fct_rtvs of the star schema for BI tools: amounts in currency units, local times.
with

rtvs as (

    select * from {{ ref('fct_rtvs') }}

),

final as (

    select
        rtv_key,
        tenant_code,
        platform_code,
        rtv_no,
        revision_no,
        original_rtv_no,
        ownership_model,
        origin_node,
        destination_node,
        transporter_codes,
        awb_nos,
        currency_code,
        declared_cartons,
        declared_qty,
        received_qty,
        accepted_qty,
        condition_failed_qty,
        short_qty,
        wrong_item_in_place_qty,
        pending_qty,
        excess_qty,
        substituted_qty,
        foreign_qty,
        stage,
        is_final,
        is_duplicate,
        created_on,
        {{ major_units('declared_value_minor') }} as declared_value_amount,
        {{ local_time('created_at') }} as created_local_at,
        {{ local_time('picked_up_at') }} as picked_up_local_at,
        {{ local_time('delivered_at') }} as delivered_local_at,
        {{ local_time('handover_at') }} as handover_local_at,
        {{ local_time('qc_completed_at') }} as qc_completed_local_at
    from rtvs

)

select * from final
