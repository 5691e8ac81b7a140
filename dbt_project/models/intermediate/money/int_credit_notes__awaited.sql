-- Until when the tax of returned units can be taken back by a credit note on their invoice: the 30 November
-- of ruling 58 (ruling 61). Met when all of them are credited; until then the tax of the others is at risk.
-- One row per RTV line and invoice.
with

allocations as (

    select * from {{ ref('int_invoice_allocations__allocated') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__demanded') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

nodes as (

    select * from {{ ref('stg_rtv__nodes') }}

),

summed as (

    select
        rtv_line_key,
        invoice_no,
        min(invoice_on) as invoice_on,
        min(credit_note_due_on) as credit_note_due_on,
        sum(allocated_qty) = sum(credited_qty) as is_met,
        {{ half_up('sum((allocated_qty - credited_qty) * unit_price_minor * gst_rate / 100)') }}
            as open_tax_minor,
        {{ half_up('sum(allocated_qty * unit_price_minor * gst_rate / 100)') }} as tax_minor
    from allocations
    where
        demand_kind = 'returned'
        and invoice_no is not null
    group by rtv_line_key, invoice_no

),

final as (

    select
        rtv_lines.tenant_code,
        rtv_lines.platform_code as party_code,
        'credit_note' as clock_code,
        rtv_lines.platform_code,
        rtv_lines.rtv_no,
        rtv_lines.sku_code,
        rtv_lines.batch_no,
        summed.invoice_no,
        case when summed.is_met then summed.tax_minor else summed.open_tax_minor end as value_at_risk_minor,
        summed.is_met,
        {{ start_of_day('summed.invoice_on', 'coalesce(nodes.timezone, ' ~ reporting_timezone() ~ ')') }}
            as starts_at,
        {{ end_of_day(
            'summed.credit_note_due_on', 'coalesce(nodes.timezone, ' ~ reporting_timezone() ~ ')'
        ) }} as due_at
    from summed
    inner join rtv_lines
        on summed.rtv_line_key = rtv_lines.rtv_line_key
    inner join rtvs
        on
            rtv_lines.tenant_code = rtvs.tenant_code
            and rtv_lines.platform_code = rtvs.platform_code
            and rtv_lines.rtv_no = rtvs.rtv_no
    left join nodes
        on
            rtvs.tenant_code = nodes.tenant_code
            and rtvs.destination_node = nodes.node_code

)

select * from final
