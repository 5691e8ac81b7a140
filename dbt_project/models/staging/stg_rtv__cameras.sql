-- One row per camera.
with

source as (

    select *
    from {{ source('raw', 'cameras') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.clock_offset_seconds,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.camera_code') }} as camera_code,
        {{ blank_to_null('source.node_code') }} as node_code,
        {{ blank_to_null('source.bay_code') }} as bay_code,
        {{ blank_to_null('source.make') }} as make,
        {{ blank_to_null('source.model') }} as model,
        {{ blank_to_null('source.serial_no') }} as serial_no
    from source

),

final as (

    select
        tenant_code,
        camera_code,
        node_code,
        bay_code,
        make,
        model,
        serial_no,
        clock_offset_seconds,
        _file_id,
        _row_no
    from cleaned

)

select * from final
