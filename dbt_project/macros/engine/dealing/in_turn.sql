{# Functions for pools in which demands may simply be served in turn. #}
{% macro create_turn_functions() -%}
-- Whether none can do better than serving demands in turn: all want the same, the oldest, which may use the
-- fewest invoice lines, comes first, and tax windows close with age.
create or replace function intermediate.is_served_best_in_turn(
    demand_days date[], demand_batches text[], demand_prices bigint[], supply_windows boolean[]
)
returns boolean
language sql
immutable
as $body$
select
    demand_days = array_agg(wanted.day order by wanted.day)
    and bool_and(wanted.batch is not distinct from demand_batches[1])
    and bool_and(wanted.price is not distinct from demand_prices[1])
    and not coalesce(true = any(supply_windows[array_position(supply_windows, false):]), false)
from unnest(demand_days, demand_batches, demand_prices) as wanted (day, batch, price)
$body$;

-- Deals demands one after the other, each the best balance left, pair by pair, and says whether one stood in
-- another's way: got other than it would have got alone.
create or replace function intermediate.deal_in_turn(
    demand_qtys bigint[], demand_days date[], demand_batches text[], demand_prices bigint[],
    supply_qtys bigint[], supply_days date[], supply_batches text[], supply_prices bigint[], supply_windows boolean[],
    out demands integer[], out supplies integer[], out qtys bigint[], out is_contended boolean
)
language plpgsql
immutable
as $body$
declare
    supply_count integer := cardinality(supply_qtys);
    balances bigint[] := supply_qtys;
    ranks integer[];
    left_qty bigint;
    left_alone bigint;
    taken bigint;
begin
    is_contended := false;
    for d in 1 .. cardinality(demand_qtys) loop
        ranks := array_fill(-1, array[supply_count]);
        for s in 1 .. supply_count loop
            if supply_days[s] <= demand_days[d] and supply_qtys[s] > 0 then
                ranks[s] := case when supply_batches[s] = demand_batches[d] then 0 else 4 end
                    + case when supply_prices[s] = demand_prices[d] then 0 else 2 end
                    + case when supply_windows[s] then 0 else 1 end;
            end if;
        end loop;
        left_qty := demand_qtys[d];
        left_alone := demand_qtys[d];
        for rank in 0 .. 7 loop
            exit when left_qty = 0 and left_alone = 0;
            for s in 1 .. supply_count loop
                continue when ranks[s] <> rank;
                exit when left_qty = 0 and left_alone = 0;
                taken := least(left_qty, balances[s]);
                is_contended := is_contended or taken <> least(left_alone, supply_qtys[s]);
                left_alone := left_alone - least(left_alone, supply_qtys[s]);
                if taken > 0 then
                    left_qty := left_qty - taken;
                    balances[s] := balances[s] - taken;
                    demands := demands || d;
                    supplies := supplies || s;
                    qtys := qtys || taken;
                end if;
            end loop;
        end loop;
    end loop;
end
$body$;
{%- endmacro %}
