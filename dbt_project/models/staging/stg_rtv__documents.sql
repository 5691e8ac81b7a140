-- One row per document file.
with

source as (

    select *
    from {{ source('raw', 'documents') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.document_on,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.document_type') }} as document_type,
        {{ blank_to_null('source.document_no') }} as document_no,
        {{ blank_to_null('source.platform_code') }} as platform_code,
        {{ blank_to_null('source.rtv_no') }} as rtv_no,
        {{ blank_to_null('source.awb_no') }} as awb_no,
        {{ blank_to_null('source.invoice_no') }} as invoice_no,
        {{ blank_to_null('source.uri') }} as uri,
        {{ blank_to_null('source.sha256') }} as sha256
    from source

),

final as (

    select
        tenant_code,
        document_type,
        document_no,
        document_on,
        platform_code,
        rtv_no,
        awb_no,
        invoice_no,
        uri,
        sha256,
        _file_id,
        _row_no
    from cleaned

)

select * from final
