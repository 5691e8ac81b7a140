-- Relation fct_captured_items of the star schema for BI tools: amounts in currency units, local times.
with

captured_items as (

    select * from {{ ref('fct_captured_items') }}

),

final as (

    select
        captured_item_key,
        tenant_code,
        capture_id,
        item_no,
        platform_code,
        rtv_no,
        transporter_code,
        awb_no,
        node_code,
        bay_code,
        carton_no,
        scanned_code,
        sku_code,
        batch_no,
        grade,
        defects,
        damage_cause,
        seal_state,
        condition_verdict,
        match_method,
        qty,
        filled_qty,
        surplus_qty,
        foreign_qty,
        expiry_on,
        is_foreign,
        {{ major_units('mrp_minor') }} as mrp_amount,
        {{ local_time('seen_at') }} as seen_local_at,
        {{ local_time('started_at') }} as started_local_at,
        {{ local_time('ended_at') }} as ended_local_at
    from captured_items

)

select * from final
