-- Documents that a picked-up return must carry and that are not there (ruling 63). One row per RTV and
-- document type.
with

required as (

    select * from {{ ref('int_rtv_documents__required') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

paper_awbs as (

    select * from {{ ref('int_paper_awbs__matched') }}

),

documents as (

    select * from {{ ref('stg_rtv__documents') }}

),

-- A paper speaks for an RTV by its number, or by the AWB it travelled on.
present as (

    select
        required.rtv_key,
        required.document_type
    from required
    inner join documents
        on
            required.tenant_code = documents.tenant_code
            and required.rtv_no = documents.rtv_no
            and required.document_type = documents.document_type
            and required.platform_code = coalesce(documents.platform_code, required.platform_code)
    union
    select
        consignment_rtvs.rtv_key,
        documents.document_type
    from consignment_rtvs
    inner join paper_awbs
        on consignment_rtvs.consignment_key = paper_awbs.consignment_key
    inner join documents
        on
            paper_awbs.tenant_code = documents.tenant_code
            and paper_awbs.awb_no = documents.awb_no

),

found as (

    select
        required.tenant_code,
        required.platform_code,
        required.rtv_no,
        required.document_type,
        1 as expected_qty,
        0 as observed_qty,
        false as is_final,
        required.first_picked_up_at as first_seen_at,
        'The return was picked up on ' || {{ utc_text('required.first_picked_up_at') }} || '; no '
        || required.document_type || ' of it is there.' as liability_reason,
        {{ confidence('false', 'required.receipt_count > 0') }} as confidence
    from required
    left join present
        on
            required.rtv_key = present.rtv_key
            and required.document_type = present.document_type
    where present.rtv_key is null

),

final as (

    select
        {{ discrepancy_columns('document_missing', 'rtv_document', []) }}
    from found

)

select * from final
