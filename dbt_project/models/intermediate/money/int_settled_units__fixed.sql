-- Returned units that a credit note or a closed month has put on an invoice already: they stay there (ruling
-- 58). Each return's settled units are dealt to its own lines. One row per demand and invoice line.
with

demands as (

    select * from {{ ref('int_allocation_demands__ranked') }}
    where demand_kind = 'returned'

),

settled_units as (

    select * from {{ ref('int_settled_units__placed') }}

),

supplies as (

    select * from {{ ref('int_dispatches__returnable') }}

),

settled as (

    select
        settled_units.tenant_code,
        settled_units.rtv_key,
        supplies.sku_code,
        supplies.supply_no,
        supplies.batch_no,
        supplies.unit_price_minor,
        supplies.is_in_tax_window,
        settled_units.credited_qty,
        settled_units.credit_note_no,
        settled_units.period_on,
        -- Whatever its date, it is settled.
        date '0001-01-01' as invoice_on,
        -- More than was invoiced is never settled, whatever the notes say.
        greatest(
            least(
                settled_units.settled_qty,
                supplies.dispatched_qty + settled_units.settled_qty - sum(settled_units.settled_qty) over (
                    partition by
                        settled_units.tenant_code, settled_units.invoice_no, settled_units.invoice_line_no
                    order by settled_units.rtv_key
                )
            ),
            0
        ) as balance_qty
    from settled_units
    inner join supplies
        on
            settled_units.tenant_code = supplies.tenant_code
            and settled_units.invoice_no = supplies.invoice_no
            and settled_units.invoice_line_no = supplies.invoice_line_no
    where settled_units.rtv_key is not null

),

{{ deal_demands('fixed', 'demands', 'settled', ['tenant_code', 'rtv_key', 'sku_code']) }},

numbered as (

    select
        dealt_fixed.*,
        settled.credited_qty,
        settled.credit_note_no,
        settled.period_on,
        sum(dealt_fixed.allocated_qty) over (
            partition by dealt_fixed.tenant_code, dealt_fixed.rtv_key, dealt_fixed.supply_no
            order by dealt_fixed.demand_key
        ) as ends_at
    from dealt_fixed
    inner join settled
        on
            dealt_fixed.tenant_code = settled.tenant_code
            and dealt_fixed.rtv_key = settled.rtv_key
            and dealt_fixed.sku_code = settled.sku_code
            and dealt_fixed.supply_no = settled.supply_no

),

-- Where a closed month fixed more than is credited, the first units are the credited ones.
final as (

    select
        tenant_code,
        sku_code,
        demand_key,
        supply_no,
        credit_note_no,
        period_on,
        allocated_qty,
        {{ typed('count', 'greatest(least(credited_qty - ends_at + allocated_qty, allocated_qty), 0)') }}
            as credited_qty
    from numbered

)

select * from final
