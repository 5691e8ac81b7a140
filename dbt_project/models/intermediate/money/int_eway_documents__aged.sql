-- How long an e-way bill can still be made on the challan, else the invoice, of a return (rulings 61, 63).
-- One row per RTV with such a document.
with

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

evidenced as (

    select * from {{ ref('int_rtvs__evidenced') }}

),

documents as (

    select * from {{ ref('stg_rtv__documents') }}

),

nodes as (

    select * from {{ ref('stg_rtv__nodes') }}

),

thresholds as (

    select * from {{ ref('thresholds') }}

),

carried as (

    select
        rtvs.rtv_key,
        coalesce(
            min(case when documents.document_type = 'challan' then documents.document_on end),
            min(case when documents.document_type = 'invoice' then documents.document_on end)
        ) as starts_on,
        count(case when documents.document_type = 'eway_bill' then 1 end) > 0 as is_eway_bill_there
    from rtvs
    inner join documents
        on
            rtvs.tenant_code = documents.tenant_code
            and rtvs.rtv_no = documents.rtv_no
            and rtvs.platform_code = coalesce(documents.platform_code, rtvs.platform_code)
    where not rtvs.is_duplicate
    group by rtvs.rtv_key

),

final as (

    select
        rtvs.tenant_code,
        rtvs.platform_code as party_code,
        'eway_document' as clock_code,
        rtvs.platform_code,
        rtvs.rtv_no,
        coalesce(rtvs.declared_value_minor, 0) as value_at_risk_minor,
        carried.is_eway_bill_there or coalesce(evidenced.is_moved, false) as is_met,
        {{ start_of_day('carried.starts_on', 'coalesce(nodes.timezone, ' ~ reporting_timezone() ~ ')') }}
            as starts_at,
        {{ end_of_day(
            'carried.starts_on + thresholds.threshold_value::int',
            'coalesce(nodes.timezone, ' ~ reporting_timezone() ~ ')'
        ) }} as due_at
    from carried
    inner join rtvs
        on carried.rtv_key = rtvs.rtv_key
    inner join thresholds
        on thresholds.threshold_code = 'eway_document_days'
    left join evidenced
        on carried.rtv_key = evidenced.rtv_key
    left join nodes
        on
            rtvs.tenant_code = nodes.tenant_code
            and rtvs.destination_node = nodes.node_code
    where carried.starts_on is not null

)

select * from final
