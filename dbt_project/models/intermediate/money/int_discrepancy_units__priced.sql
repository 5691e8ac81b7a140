-- Units of a discrepancy with the prices they can be valued at (ruling 55). One row per discrepancy, RTV
-- line, grade and invoice line, and one for units without a balance.
with

placed as (

    select * from {{ ref('int_discrepancy_units__placed') }}

),

allocations as (

    select * from {{ ref('int_invoice_allocations__allocated') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__demanded') }}

),

debits as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

skus as (

    select * from {{ ref('stg_rtv__skus') }}

),

tape as (

    select
        *,
        sum(allocated_qty) over (
            partition by rtv_line_key, demand_kind
            order by allocation_rank
        ) as ends_at
    from allocations

),

invoiced as (

    select
        placed.placed_key,
        tape.unit_price_minor,
        tape.gst_rate,
        tape.mrp_minor,
        least(placed.ends_at, tape.ends_at) - greatest(
            placed.ends_at - placed.valued_qty,
            tape.ends_at - tape.allocated_qty
        ) as priced_qty
    from placed
    inner join tape
        on
            placed.rtv_line_key = tape.rtv_line_key
            and placed.demand_kind = tape.demand_kind
            and placed.ends_at > tape.ends_at - tape.allocated_qty
            and tape.ends_at > placed.ends_at - placed.valued_qty
            and tape.invoice_no is not null

),

left_over as (

    select
        placed.placed_key,
        null::bigint as unit_price_minor,
        null::numeric as gst_rate,
        null::bigint as mrp_minor,
        placed.valued_qty - coalesce(sum(invoiced.priced_qty), 0) as priced_qty
    from placed
    left join invoiced
        on placed.placed_key = invoiced.placed_key
    group by placed.placed_key, placed.valued_qty
    having placed.valued_qty > coalesce(sum(invoiced.priced_qty), 0)

),

stacked as (

    select * from invoiced
    union all
    select * from left_over

),

debited as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        sum(qty * unit_value_minor)::numeric / sum(qty) as net_minor,
        sum(total_amount_minor)::numeric / sum(qty) as gross_minor
    from debits
    group by tenant_code, platform_code, rtv_no, sku_code

),

final as (

    select
        placed.placed_key,
        placed.discrepancy_key,
        placed.rtv_line_key,
        placed.tenant_code,
        placed.platform_code,
        placed.rtv_no,
        placed.sku_code,
        placed.grade,
        stacked.priced_qty::bigint as priced_qty,
        stacked.unit_price_minor as invoice_price_minor,
        rtv_lines.declared_unit_minor,
        debited.gross_minor as debited_gross_minor,
        skus.unit_cost_minor,
        coalesce(own_debits.unit_value_minor, debited.net_minor) as debited_net_minor,
        coalesce(stacked.mrp_minor, skus.mrp_minor) as mrp_minor,
        coalesce(stacked.gst_rate, skus.gst_rate) as gst_rate
    from stacked
    inner join placed
        on stacked.placed_key = placed.placed_key
    left join rtv_lines
        on placed.rtv_line_key = rtv_lines.rtv_line_key
    left join debited
        on
            placed.tenant_code = debited.tenant_code
            and placed.platform_code = debited.platform_code
            and placed.rtv_no = debited.rtv_no
            and placed.sku_code = debited.sku_code
    left join debits as own_debits
        on
            placed.tenant_code = own_debits.tenant_code
            and placed.platform_code = own_debits.platform_code
            and placed.debit_note_no = own_debits.debit_note_no
            and placed.debit_line_no = own_debits.debit_line_no
    left join skus
        on
            placed.tenant_code = skus.tenant_code
            and placed.sku_code = skus.sku_code

)

select * from final
