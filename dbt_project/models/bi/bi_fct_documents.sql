-- Relation fct_documents of the star schema for BI tools: amounts in currency units, local times.
with

documents as (

    select * from {{ ref('fct_documents') }}

),

final as (

    select
        document_key,
        tenant_code,
        document_type,
        document_no,
        document_on,
        platform_code,
        rtv_no,
        awb_no,
        invoice_no,
        uri,
        sha256
    from documents

)

select * from final
