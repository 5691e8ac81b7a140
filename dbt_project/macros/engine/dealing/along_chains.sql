{# A function that deals demands one after the other, each the best balance left on its chains. A kind of
   demand has four entries, 0 where there is none. Each place of the arrays it tells is some units of a
   demand, in by one entry and out by one link. #}
{% macro create_walking_function() -%}
create or replace function intermediate.deal_along_chains(
    demand_qtys bigint[], demand_kinds integer[], entry_links integer[],
    supply_qtys bigint[], link_supplies integer[], link_nexts integer[],
    out demands integer[], out entries integer[], out links integer[], out qtys bigint[]
)
language plpgsql
immutable
as $body$
declare
    balances bigint[] := supply_qtys;
    nexts integer[] := link_nexts;
    left_qty bigint;
    balance bigint;
    taken bigint;
    link integer;
    next integer;
begin
    demands := '{}';
    entries := '{}';
    links := '{}';
    qtys := '{}';
    for demand in 1 .. cardinality(demand_qtys) loop
        left_qty := demand_qtys[demand];
        for entry in demand_kinds[demand] * 4 - 3 .. demand_kinds[demand] * 4 loop
            exit when left_qty = 0;
            link := entry_links[entry];
            while left_qty > 0 and link > 0 loop
                balance := balances[link_supplies[link]];
                next := nexts[link];
                if balance > 0 then
                    taken := least(left_qty, balance);
                    balances[link_supplies[link]] := balance - taken;
                    left_qty := left_qty - taken;
                    demands := demands || demand;
                    entries := entries || entry;
                    links := links || link;
                    qtys := qtys || taken;
                elsif next > 0 and balances[link_supplies[next]] = 0 then
                    -- Whoever comes after steps over what is empty.
                    next := nexts[next];
                    nexts[link] := next;
                end if;
                link := next;
            end loop;
        end loop;
    end loop;
end
$body$;
{%- endmacro %}
