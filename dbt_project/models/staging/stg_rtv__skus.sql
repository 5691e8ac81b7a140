-- One row per sellable item.
with

source as (

    select *
    from {{ source('raw', 'skus') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.mrp,
        source.unit_cost,
        source.gst_rate,
        source.shelf_life_days,
        source.case_pack_qty,
        source.is_kit,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.sku_code') }} as sku_code,
        {{ blank_to_null('source.gtin') }} as gtin,
        {{ blank_to_null('source.title') }} as title,
        {{ blank_to_null('source.brand_code') }} as brand_code,
        {{ blank_to_null('source.category') }} as category,
        {{ blank_to_null('source.hsn_code') }} as hsn_code,
        {{ minor_units('source.mrp') }} as mrp_minor,
        {{ minor_units('source.unit_cost') }} as unit_cost_minor
    from source

),

final as (

    select
        tenant_code,
        sku_code,
        gtin,
        title,
        brand_code,
        category,
        mrp,
        unit_cost,
        hsn_code,
        gst_rate,
        shelf_life_days,
        case_pack_qty,
        is_kit,
        mrp_minor,
        unit_cost_minor,
        _file_id,
        _row_no
    from cleaned

)

select * from final
