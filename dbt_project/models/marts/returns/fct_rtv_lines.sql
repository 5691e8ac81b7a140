-- The account of every return line by the law of units. One row per RTV line.
with

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

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
        declared_value_minor,
        stage,
        is_final,
        match_method,
        match_confidence,
        first_created_at as created_at,
        picked_up_at,
        delivered_at,
        handover_at,
        qc_completed_at
    from lines

)

select * from final
