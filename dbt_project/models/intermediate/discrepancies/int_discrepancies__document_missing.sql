-- Documents that a picked-up return must carry and that are not there (ruling 63). One row per RTV and
-- document type.
with

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

requirements as (

    select * from {{ ref('stg_rtv__required_documents') }}

),

documents as (

    select * from {{ ref('stg_rtv__documents') }}

),

carried as (

    select
        consignment_rtvs.rtv_key,
        consignments.tenant_code,
        consignments.awb_no,
        consignments.first_picked_up_at,
        consignments.delivered_at,
        consignments.receipt_count
    from consignment_rtvs
    inner join consignments
        on consignment_rtvs.consignment_key = consignments.consignment_key

),

moved as (

    select
        rtv_key,
        min(first_picked_up_at) as first_picked_up_at,
        min(delivered_at) as delivered_at,
        sum(receipt_count) as receipt_count
    from carried
    group by rtv_key
    having min(first_picked_up_at) is not null

),

required as (

    select
        rtvs.*,
        moved.first_picked_up_at,
        moved.receipt_count,
        moved.delivered_at,
        requirements.document_type,
        requirements.min_value_minor,
        row_number() over (
            partition by rtvs.rtv_key, requirements.document_type
            order by requirements.effective_from desc, requirements.ownership_model asc nulls last
        ) as requirement_rank
    from rtvs
    inner join moved
        on rtvs.rtv_key = moved.rtv_key
    inner join requirements
        on
            rtvs.tenant_code = requirements.tenant_code
            and rtvs.platform_code = requirements.platform_code
            and rtvs.ownership_model = coalesce(requirements.ownership_model, rtvs.ownership_model)
            and rtvs.created_on between requirements.effective_from
            and coalesce(requirements.effective_to, date '9999-12-31')
    where not rtvs.is_duplicate

),

present as (

    select
        rtvs.rtv_key,
        documents.document_type
    from rtvs
    inner join documents
        on
            rtvs.tenant_code = documents.tenant_code
            and rtvs.rtv_no = documents.rtv_no
            and rtvs.platform_code = coalesce(documents.platform_code, rtvs.platform_code)
    union
    select
        carried.rtv_key,
        documents.document_type
    from carried
    inner join documents
        on
            carried.tenant_code = documents.tenant_code
            and carried.awb_no = documents.awb_no

),

found as (

    select
        required.tenant_code,
        required.platform_code,
        required.rtv_no,
        required.document_type,
        1::bigint as expected_qty,
        0::bigint as observed_qty,
        false as is_final,
        required.first_picked_up_at as first_seen_at,
        'The return was picked up on ' || {{ utc_text('required.first_picked_up_at') }} || '; no '
        || required.document_type
        || ' of it is there.' as liability_reason,
        case when required.receipt_count > 0 then 'high' else 'medium' end as confidence
    from required
    left join present
        on
            required.rtv_key = present.rtv_key
            and required.document_type = present.document_type
    where
        required.requirement_rank = 1
        and required.declared_value_minor >= coalesce(required.min_value_minor, 0)
        and (required.document_type <> 'pod' or required.delivered_at is not null)
        and present.rtv_key is null

),

final as (

    select
        {{ discrepancy_columns('document_missing', ['platform_code', 'rtv_no', 'document_type'],
            ['platform_code', 'rtv_no', 'document_type', 'expected_qty', 'observed_qty', 'liability_reason',
            'confidence', 'is_final', 'first_seen_at']) }}
    from found

)

select * from final
