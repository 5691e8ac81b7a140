-- One row per platform listing and start day.
with

source as (

    select *
    from {{ source('raw', 'listings') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.effective_from,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.platform_code') }} as platform_code,
        {{ blank_to_null('source.platform_sku') }} as platform_sku,
        {{ blank_to_null('source.sku_code') }} as sku_code
    from source

),

final as (

    select
        tenant_code,
        platform_code,
        platform_sku,
        sku_code,
        effective_from,
        _file_id,
        _row_no
    from cleaned

)

select * from final
