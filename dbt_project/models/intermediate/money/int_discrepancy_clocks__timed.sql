-- When the clocks of each discrepancy can start, and in which zone its days are counted.
-- One row per discrepancy.
with

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

debits as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

nodes as (

    select * from {{ ref('stg_rtv__nodes') }}

),

debited as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        min(debited_on) as debited_on
    from debits
    group by tenant_code, platform_code, rtv_no

),

final as (

    select
        discrepancies.discrepancy_key,
        discrepancies.tenant_code,
        coalesce(rtvs.first_created_at, consignments.first_created_at) as manifest_created_at,
        consignments.first_picked_up_at as picked_up_at,
        consignments.delivered_at,
        consignments.first_handover_at as gate_received_at,
        consignments.qc_completed_at,
        {{ start_of_day('debited.debited_on', 'coalesce(nodes.timezone, ' ~ reporting_timezone() ~ ')') }}
            as debited_at,
        coalesce(nodes.timezone, {{ reporting_timezone() }}) as timezone
    from discrepancies
    left join rtvs
        on
            discrepancies.tenant_code = rtvs.tenant_code
            and discrepancies.platform_code = rtvs.platform_code
            and discrepancies.rtv_no = rtvs.rtv_no
    left join consignments
        on
            discrepancies.tenant_code = consignments.tenant_code
            and discrepancies.awb_no = consignments.awb_no
            and discrepancies.transporter_code is not distinct from consignments.transporter_code
    left join debited
        on
            discrepancies.tenant_code = debited.tenant_code
            and discrepancies.platform_code = debited.platform_code
            and discrepancies.rtv_no = debited.rtv_no
    left join nodes
        on
            discrepancies.tenant_code = nodes.tenant_code
            and coalesce(consignments.node_code, consignments.destination_node, rtvs.destination_node)
            = nodes.node_code

)

select * from final
