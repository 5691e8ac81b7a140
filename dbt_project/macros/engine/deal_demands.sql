{# Deals demands to balances, pool by pool; a pool is what the columns `pool` say. `demands` and `balances`
   name relations with demand_no, supply_no and what an invoice line is chosen by; makes `dealt_<kind>`. #}
{% macro deal_demands(kind, demands, balances, pool) -%}
    pooled_demands_{{ kind }} as (

    select
        {{ pool | join(', ') }},
        array_agg(demand_key order by demand_no) as demand_keys,
        array_agg(demand_qty::bigint order by demand_no) as demand_qtys,
        array_agg(created_on order by demand_no) as demand_days,
        array_agg(batch_no order by demand_no) as demand_batches,
        array_agg(reference_price_minor order by demand_no) as demand_prices
    from {{ demands }}
    where demand_qty > 0
    group by {{ pool | join(', ') }}

),

pooled_balances_{{ kind }} as (

    select
        {{ pool | join(', ') }},
        array_agg(supply_no order by supply_no) as supply_nos,
        array_agg(balance_qty::bigint order by supply_no) as supply_qtys,
        array_agg(invoice_on order by supply_no) as supply_days,
        array_agg(batch_no order by supply_no) as supply_batches,
        array_agg(unit_price_minor order by supply_no) as supply_prices,
        array_agg(is_in_tax_window order by supply_no) as supply_windows
    from {{ balances }}
    group by {{ pool | join(', ') }}

),

dealt_{{ kind }} as (

    select
        pools.{{ pool | join(', pools.') }},
        pools.demand_keys[dealt.demand_no] as demand_key,
        pooled.supply_nos[dealt.supply_no] as supply_no,
        dealt.qty as allocated_qty
    from pooled_demands_{{ kind }} as pools
    inner join pooled_balances_{{ kind }} as pooled
        using ({{ pool | join(', ') }})
    cross join lateral intermediate.deal_pool(
        pools.demand_qtys, pools.demand_days, pools.demand_batches, pools.demand_prices,
        pooled.supply_qtys, pooled.supply_days, pooled.supply_batches, pooled.supply_prices, pooled.supply_windows
    ) as dealt

)
{%- endmacro %}
