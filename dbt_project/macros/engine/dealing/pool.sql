{# Functions that deal the demands of one pool (platform and SKU) to its invoice lines, by ruling 58: least
   unallocated, then most same batches, then prices as debited, then inside the tax window, then newest.
   Arrays are in the order of demand_no and supply_no; supply_no is newest first. #}
{% macro create_dealing_functions() -%}
create schema if not exists intermediate;
    {{ create_turn_functions() }}
    {{ create_chain_functions() }}
    {{ create_walking_function() }}
    {{ create_flow_function() }}
    {{ create_improving_function() }}
    {{ create_sharing_function() }}
    {{ create_chains_dealing_function() }}
create or replace function intermediate.deal_pool(
    demand_qtys bigint[], demand_days date[], demand_batches text[], demand_prices bigint[],
    supply_qtys bigint[], supply_days date[], supply_batches text[], supply_prices bigint[], supply_windows boolean[]
)
returns table (demand_no bigint, supply_no bigint, qty bigint)
language plpgsql
immutable
as $body$
declare
    dealt record;
begin
    -- A small pool is dealt pair by pair sooner than its chains are made.
    if cardinality(demand_qtys)::bigint * cardinality(supply_qtys) <= 10000 then
        dealt := intermediate.deal_in_turn(
            demand_qtys, demand_days, demand_batches, demand_prices,
            supply_qtys, supply_days, supply_batches, supply_prices, supply_windows
        );
        if not dealt.is_contended
            or intermediate.is_served_best_in_turn(demand_days, demand_batches, demand_prices, supply_windows) then
            return query
            select d.demand::bigint, d.supply::bigint, d.qty
            from unnest(dealt.demands, dealt.supplies, dealt.qtys) as d (demand, supply, qty);
            return;
        end if;
    end if;
    return query
    select d.demand_no, d.supply_no, d.qty
    from intermediate.deal_by_chains(
        demand_qtys, demand_days, demand_batches, demand_prices,
        supply_qtys, supply_days, supply_batches, supply_prices, supply_windows
    ) as d;
end
$body$;
{%- endmacro %}
