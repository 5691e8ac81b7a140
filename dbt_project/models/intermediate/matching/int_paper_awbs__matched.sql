-- AWBs that documents and goods receipts name, with the consignments they mean: as the consignment is known,
-- or by alias (ruling 17). One row per AWB as written and consignment.
with

matched as (

    select * from {{ ref('int_awbs__matched') }}

),

observed as (

    select * from {{ ref('int_awbs__observed') }}

),

consignments as (

    select * from {{ ref('int_consignments__listed') }}

),

final as (

    select
        tenant_code,
        awb_no,
        consignment_key
    from matched
    where transporter_code is null
    union
    select
        observed.tenant_code,
        observed.awb_no,
        consignments.consignment_key
    from observed
    inner join consignments
        on
            observed.tenant_code = consignments.tenant_code
            and observed.awb_normal = {{ normal_form('consignments.awb_no') }}
    where
        observed.transporter_code is null
        and consignments.rtv_count > 0

)

select * from final
