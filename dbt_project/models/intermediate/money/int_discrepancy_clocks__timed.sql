-- When the clocks of each discrepancy can start, and in which zone its days are counted. Of several
-- consignments the first event counts; their QC is complete with the last of them.
-- One row per discrepancy.
with

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

carried as (

    select * from {{ ref('int_discrepancy_consignments__carried') }}

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
        min(debited_on) as debited_on,
        min(currency_code) as currency_code
    from debits
    group by tenant_code, platform_code, rtv_no

),

moved as (

    select
        carried.discrepancy_key,
        min(consignments.first_created_at) as first_created_at,
        min(consignments.first_picked_up_at) as picked_up_at,
        min(consignments.delivered_at) as delivered_at,
        min(consignments.first_handover_at) as gate_received_at,
        case when count(consignments.qc_completed_at) = count(*) then max(consignments.qc_completed_at) end
            as qc_completed_at,
        min(coalesce(consignments.node_code, consignments.destination_node)) as node_code
    from carried
    inner join consignments
        on carried.consignment_key = consignments.consignment_key
    group by carried.discrepancy_key

),

final as (

    select
        discrepancies.discrepancy_key,
        discrepancies.tenant_code,
        coalesce(rtvs.first_created_at, moved.first_created_at) as manifest_created_at,
        moved.picked_up_at,
        moved.delivered_at,
        moved.gate_received_at,
        moved.qc_completed_at,
        {{ start_of_day(
            'coalesce(own_debits.debited_on, debited.debited_on)',
            'coalesce(nodes.timezone, ' ~ reporting_timezone() ~ ')'
        ) }} as debited_at,
        coalesce(nodes.timezone, {{ reporting_timezone() }}) as timezone,
        {{ currency_of('coalesce(own_debits.currency_code, rtvs.currency_code, debited.currency_code)') }}
            as currency_code
    from discrepancies
    left join rtvs
        on
            discrepancies.tenant_code = rtvs.tenant_code
            and discrepancies.platform_code = rtvs.platform_code
            and discrepancies.rtv_no = rtvs.rtv_no
    left join moved
        on discrepancies.discrepancy_key = moved.discrepancy_key
    left join debited
        on
            discrepancies.tenant_code = debited.tenant_code
            and discrepancies.platform_code = debited.platform_code
            and discrepancies.rtv_no = debited.rtv_no
    left join debits as own_debits
        on
            discrepancies.tenant_code = own_debits.tenant_code
            and discrepancies.platform_code = own_debits.platform_code
            and discrepancies.debit_note_no = own_debits.debit_note_no
            and discrepancies.debit_line_no = own_debits.debit_line_no
    left join nodes
        on
            discrepancies.tenant_code = nodes.tenant_code
            and coalesce(moved.node_code, rtvs.destination_node) = nodes.node_code

)

select * from final
