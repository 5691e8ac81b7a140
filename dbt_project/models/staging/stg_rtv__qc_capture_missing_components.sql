-- One row per component that a captured kit lacks, per unit of the item.
with

source as (

    select nested.*
    from {{ source('raw', 'qc_capture_missing_components') }} as nested
    inner join {{ source('raw', 'qc_captures') }} as parents
        on
            nested._file_id = parents._file_id
            and nested._row_no = parents._row_no
            and parents._superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.capture_id,
        source.item_no,
        source.qty,
        source._file_id,
        source._row_no,
        source._position,
        {{ blank_to_null('source.sku_code') }} as sku_code
    from source

),

final as (

    select
        tenant_code,
        capture_id,
        item_no,
        sku_code,
        qty,
        _file_id,
        _row_no,
        _position
    from cleaned

)

select * from final
