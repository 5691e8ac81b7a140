-- One row per kit and component.
with

source as (

    select *
    from {{ source('raw', 'kit_components') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.component_qty,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.kit_sku_code') }} as kit_sku_code,
        {{ blank_to_null('source.component_sku_code') }} as component_sku_code
    from source

),

final as (

    select
        tenant_code,
        kit_sku_code,
        component_sku_code,
        component_qty,
        _file_id,
        _row_no
    from cleaned

)

select * from final
