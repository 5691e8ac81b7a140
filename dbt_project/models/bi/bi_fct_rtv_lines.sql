-- Relation fct_rtv_lines of the star schema for BI tools: amounts in currency units, local times.
with

rtv_lines as (

    select * from {{ ref('fct_rtv_lines') }}

),

final as (

    select
        rtv_line_key,
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
        match_method,
        match_confidence,
        {{ major_units('declared_value_minor') }} as declared_value_amount,
        {{ local_time('created_at') }} as created_local_at,
        {{ local_time('picked_up_at') }} as picked_up_local_at,
        {{ local_time('delivered_at') }} as delivered_local_at,
        {{ local_time('handover_at') }} as handover_local_at,
        {{ local_time('qc_completed_at') }} as qc_completed_local_at
    from rtv_lines

)

select * from final
