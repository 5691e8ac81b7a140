{# A function that gives what a kind of demand got to its demands in their order, its best invoice line
   first. Shares are in the order of their kinds, each kind's best first. #}
{% macro create_sharing_function() -%}
create or replace function intermediate.share_out(
    demand_qtys bigint[], demand_kinds integer[],
    share_kinds integer[], share_supplies integer[], share_qtys bigint[]
)
returns table (demand_no bigint, supply_no bigint, qty bigint)
language plpgsql
immutable
as $body$
#variable_conflict use_column
declare
    rests bigint[] := share_qtys;
    nexts integer[] := array_fill(null::integer, array[(select max(kind_no) from unnest(demand_kinds) as k (kind_no))]);
    left_qty bigint;
    share integer;
begin
    for place in reverse cardinality(share_kinds) .. 1 loop
        nexts[share_kinds[place]] := place;
    end loop;
    for demand in 1 .. cardinality(demand_qtys) loop
        left_qty := demand_qtys[demand];
        share := nexts[demand_kinds[demand]];
        while left_qty > 0 and share_kinds[share] = demand_kinds[demand] loop
            demand_no := demand;
            supply_no := share_supplies[share];
            qty := least(left_qty, rests[share]);
            return next;
            left_qty := left_qty - qty;
            rests[share] := rests[share] - qty;
            share := share + case when rests[share] = 0 then 1 else 0 end;
        end loop;
        nexts[demand_kinds[demand]] := share;
    end loop;
end
$body$;
{%- endmacro %}
