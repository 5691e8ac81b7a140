-- Documents that travel with a movement. One row per document file.
with

documents as (

    select * from {{ ref('stg_rtv__documents') }}

),

final as (

    select
        {{ surrogate_key(['tenant_code', 'document_type', 'document_no', 'sha256']) }} as document_key,
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
    from documents

)

select * from final
