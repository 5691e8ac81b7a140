-- One row per requirement.
with

source as (

    select *
    from {{ source('raw', 'required_documents') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.min_value,
        source.effective_from,
        source.effective_to,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.platform_code') }} as platform_code,
        {{ blank_to_null('source.ownership_model') }} as ownership_model,
        {{ blank_to_null('source.document_type') }} as document_type,
        {{ minor_units('source.min_value') }} as min_value_minor
    from source

),

final as (

    select
        tenant_code,
        platform_code,
        ownership_model,
        document_type,
        min_value,
        effective_from,
        effective_to,
        min_value_minor,
        _file_id,
        _row_no
    from cleaned

)

select * from final
