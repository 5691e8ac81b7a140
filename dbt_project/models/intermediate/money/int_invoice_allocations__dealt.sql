-- Units dealt to invoice lines pool by pool (ruling 58): what is settled stays, then what came
-- back is dealt, then what did not (ruling 55). One row per demand and invoice line.
{% set pool = ['tenant_code', 'platform_code', 'sku_code', 'currency_code'] %}
with

demands as (

    select * from {{ ref('int_allocation_demands__ranked') }}

),

fixed as (

    select * from {{ ref('int_settled_units__fixed') }}

),

supplies as (

    select
        *,
        returnable_qty as balance_qty
    from {{ ref('int_dispatches__returnable') }}

),

settled as (

    select
        demand_key,
        sum(allocated_qty) as settled_qty
    from fixed
    group by demand_key

),

unsettled as (

    select
        demands.demand_key,
        demands.demand_kind,
        demands.demand_no,
        demands.tenant_code,
        demands.platform_code,
        demands.sku_code,
        demands.currency_code,
        demands.batch_no,
        demands.reference_price_minor,
        demands.created_on,
        demands.demand_qty - coalesce(settled.settled_qty, 0) as demand_qty
    from demands
    left join settled
        on demands.demand_key = settled.demand_key

),

returned as (

    select * from unsettled
    where demand_kind = 'returned'

),

notional as (

    select * from unsettled
    where demand_kind = 'notional'

),

{{ deal_demands('returned', 'returned', 'supplies', pool) }},

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
        supplies.currency_code,
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

{{ deal_demands('notional', 'notional', 'left_over', pool) }},

stacked as (

    select
        demand_key,
        supply_no,
        allocated_qty,
        allocated_qty as settled_qty,
        credited_qty,
        credit_note_no,
        period_on
    from fixed
    union all
    select
        demand_key,
        supply_no,
        allocated_qty,
        0 as settled_qty,
        0 as credited_qty,
        null as credit_note_no,
        null as period_on
    from dealt_returned
    union all
    select
        demand_key,
        supply_no,
        allocated_qty,
        0 as settled_qty,
        0 as credited_qty,
        null as credit_note_no,
        null as period_on
    from dealt_notional

),

final as (

    select
        demand_key,
        supply_no,
        {{ typed('count', 'sum(allocated_qty)') }} as allocated_qty,
        {{ typed('count', 'sum(credited_qty)') }} as credited_qty,
        {{ typed('count', 'sum(settled_qty)') }} as settled_qty,
        min(credit_note_no) as credit_note_no,
        min(period_on) as period_on
    from stacked
    group by demand_key, supply_no

)

select * from final
