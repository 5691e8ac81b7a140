-- Relation dim_skus of the star schema for BI tools: amounts in currency units, local times.
with

skus as (

    select * from {{ ref('dim_skus') }}

),

final as (

    select
        sku_key,
        tenant_code,
        sku_code,
        gtin,
        title,
        brand_code,
        category,
        hsn_code,
        shelf_life_days,
        case_pack_qty,
        component_qty,
        is_kit,
        gst_rate::numeric(18, 4) as gst_rate,
        {{ major_units('mrp_minor') }} as mrp_amount,
        {{ major_units('unit_cost_minor') }} as unit_cost_amount
    from skus

)

select * from final
