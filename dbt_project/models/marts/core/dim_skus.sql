-- The brand's sellable items. One row per SKU.
with

skus as (

    select * from {{ ref('stg_rtv__skus') }}

),

kit_components as (

    select * from {{ ref('stg_rtv__kit_components') }}

),

components_summed as (

    select
        tenant_code,
        kit_sku_code,
        sum(component_qty)::bigint as component_qty
    from kit_components
    group by tenant_code, kit_sku_code

),

final as (

    select
        {{ surrogate_key(['skus.tenant_code', 'skus.sku_code']) }} as sku_key,
        skus.tenant_code,
        skus.sku_code,
        skus.gtin,
        skus.title,
        skus.brand_code,
        skus.category,
        skus.hsn_code,
        skus.gst_rate,
        skus.mrp_minor,
        skus.unit_cost_minor,
        skus.shelf_life_days,
        skus.case_pack_qty,
        coalesce(components_summed.component_qty, 0) as component_qty,
        skus.is_kit
    from skus
    left join components_summed
        on
            skus.tenant_code = components_summed.tenant_code
            and skus.sku_code = components_summed.kit_sku_code

)

select * from final
