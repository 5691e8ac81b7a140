-- What bears out the invoices that a debit line is measured by: their papers, and the value that the
-- platform's own manifest gives the units (ruling 62). One row per debit line with allocated units whose
-- price or tax differs.
with

differing as (

    select * from {{ ref('int_debit_lines__priced') }}
    where
        variance_qty > 0
        or tax_amount_minor <> expected_tax_minor

),

assigned as (

    select * from {{ ref('int_debit_lines__assigned') }}

),

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

allocations as (

    select * from {{ ref('int_invoice_allocations__allocated') }}

),

documents as (

    select * from {{ ref('stg_rtv__documents') }}

),

papers as (

    select distinct
        tenant_code,
        coalesce(invoice_no, document_no) as invoice_no
    from documents
    where document_type = 'invoice'

),

final as (

    select
        assigned.debit_line_key,
        bool_and(papers.invoice_no is not null) as is_invoice_papered,
        bool_and(coalesce(lines.unit_value_minor < assigned.unit_value_minor, false)) as is_declared_lower
    from differing
    inner join assigned
        on differing.debit_line_key = assigned.debit_line_key
    inner join lines
        on assigned.rtv_line_key = lines.rtv_line_key
    inner join allocations
        on assigned.rtv_line_key = allocations.rtv_line_key
    left join papers
        on
            allocations.tenant_code = papers.tenant_code
            and allocations.invoice_no = papers.invoice_no
    where allocations.invoice_no is not null
    group by assigned.debit_line_key

)

select * from final
