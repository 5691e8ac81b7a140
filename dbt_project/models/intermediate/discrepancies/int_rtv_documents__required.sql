-- Documents that a picked-up return must carry, from its platform's requirements in force (ruling 63). One
-- row per RTV and document type.
with

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}
    where not is_duplicate

),

requirements as (

    select * from {{ ref('stg_rtv__required_documents') }}

),

consignment_rtvs as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

moved as (

    select
        consignment_rtvs.rtv_key,
        min(consignments.first_picked_up_at) as first_picked_up_at,
        min(consignments.delivered_at) as delivered_at,
        sum(consignments.receipt_count) as receipt_count
    from consignment_rtvs
    inner join consignments
        on consignment_rtvs.consignment_key = consignments.consignment_key
    group by consignment_rtvs.rtv_key
    having min(consignments.first_picked_up_at) is not null

),

ranked as (

    select
        rtvs.rtv_key,
        rtvs.tenant_code,
        rtvs.platform_code,
        rtvs.rtv_no,
        rtvs.declared_value_minor,
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

),

final as (

    select
        rtv_key,
        tenant_code,
        platform_code,
        rtv_no,
        document_type,
        first_picked_up_at,
        receipt_count
    from ranked
    where
        requirement_rank = 1
        and coalesce(declared_value_minor, 0) >= coalesce(min_value_minor, 0)
        and (
            document_type <> 'pod'
            or delivered_at is not null
        )

)

select * from final
