-- Units dealt to invoice lines pool by pool (ruling 58), those that came back before those that did not
-- (ruling 55). One row per demand and invoice line.
with

demands as (

    select * from {{ ref('int_allocation_demands__ranked') }}

),

supplies as (

    select
        *,
        returnable_qty as balance_qty
    from {{ ref('int_dispatches__returnable') }}

),

{{ deal_demands('returned', 'supplies') }},

taken as (

    select
        tenant_code,
        platform_code,
        sku_code,
        supply_no,
        sum(allocated_qty) as taken_qty
    from dealt_returned
    group by tenant_code, platform_code, sku_code, supply_no

),

left_over as (

    select
        supplies.tenant_code,
        supplies.platform_code,
        supplies.sku_code,
        supplies.supply_no,
        supplies.batch_no,
        supplies.unit_price_minor,
        supplies.is_in_tax_window,
        supplies.invoice_on,
        supplies.returnable_qty - coalesce(taken.taken_qty, 0) as balance_qty
    from supplies
    left join taken
        on
            supplies.tenant_code = taken.tenant_code
            and supplies.platform_code = taken.platform_code
            and supplies.sku_code = taken.sku_code
            and supplies.supply_no = taken.supply_no

),

{{ deal_demands('notional', 'left_over') }},

final as (

    select * from dealt_returned
    union all
    select * from dealt_notional

)

select * from final
