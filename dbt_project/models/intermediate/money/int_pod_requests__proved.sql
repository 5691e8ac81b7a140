-- Requests for a proof of delivery that are met. A proof names no transporter: it is of the only consignment
-- of its number, or of its RTV's. One row per discrepancy.
with

deadlines as (

    select * from {{ ref('int_deadlines__dated') }}
    where clock_code = 'pod_request'

),

carried as (

    select * from {{ ref('int_discrepancy_consignments__carried') }}

),

paper_awbs as (

    select * from {{ ref('int_paper_awbs__matched') }}

),

consignments as (

    select
        *,
        count(*) over (partition by tenant_code, awb_no) as same_number_count
    from {{ ref('int_consignments__counted') }}

),

proofs as (

    select * from {{ ref('stg_rtv__documents') }}
    where document_type = 'pod'

),

final as (

    select distinct deadlines.discrepancy_key
    from deadlines
    inner join carried
        on deadlines.discrepancy_key = carried.discrepancy_key
    inner join consignments
        on carried.consignment_key = consignments.consignment_key
    inner join paper_awbs
        on carried.consignment_key = paper_awbs.consignment_key
    inner join proofs
        on
            paper_awbs.tenant_code = proofs.tenant_code
            and paper_awbs.awb_no = proofs.awb_no
    where
        consignments.same_number_count = 1
        or consignments.rtv_no = proofs.rtv_no

)

select * from final
