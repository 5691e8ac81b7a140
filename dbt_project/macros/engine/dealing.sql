{# A function that deals the demands of one pool (platform and SKU) to its invoice lines, by ruling 58:
   least unallocated, then most same batches, then prices as debited, then inside the tax window, then newest.
   Arrays are in the order of demand_no and supply_no; supply_no is newest first.

   Demands take one after the other, each the best balance left. Where each got what it would have got alone,
   nothing can be better. Else what was dealt is taken as a flow, demands of one kind as one node, and improved
   until no exchange of units makes it better: a cycle of negative cost, of which an unallocated unit that could
   find an invoice is the worst. A cost is one number whose digits are the levels of the order; none carries over,
   since a cycle passes a node once. Pools with more pairs of kinds and invoice lines than the limit stay as they
   were first dealt. #}
{% macro create_dealing_function() -%}
create schema if not exists intermediate;
create or replace function intermediate.deal_pool(
    demand_qtys bigint[], demand_days date[], demand_batches text[], demand_prices bigint[],
    supply_qtys bigint[], supply_days date[], supply_batches text[], supply_prices bigint[], supply_windows boolean[]
)
returns table (demand_no bigint, supply_no bigint, qty bigint)
language plpgsql
immutable
as $body$
#variable_conflict use_column
declare
    demand_count integer := cardinality(demand_qtys);
    supply_count integer := cardinality(supply_qtys);
    balances bigint[] := supply_qtys;
    dealt_demands bigint[] := '{}';
    dealt_supplies bigint[] := '{}';
    dealt_qtys bigint[] := '{}';
    ranks integer[];
    is_contended boolean := false;
    left_qty bigint;
    left_alone bigint;
    taken_alone bigint;
    taken bigint;
    group_nos integer[];
    group_names text[] := '{}';
    group_count integer;
    firsts integer[] := '{}';
    unallocated bigint[] := '{}';
    allocated bigint[] := '{}';
    costs bigint[];
    flows bigint[];
    base bigint;
    longest bigint;
    to_allocate bigint;
    source_node integer;
    sink_node integer;
    distances bigint[];
    parents integer[];
    stamps integer[];
    is_changed boolean;
    found integer;
    node integer;
    pushed bigint;
    room bigint;
    place integer;
    name text;
begin
    for d in 1 .. demand_count loop
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
                taken_alone := least(left_alone, supply_qtys[s]);
                left_alone := left_alone - taken_alone;
                taken := least(left_qty, balances[s]);
                is_contended := is_contended or taken <> taken_alone;
                if taken > 0 then
                    left_qty := left_qty - taken;
                    balances[s] := balances[s] - taken;
                    dealt_demands := dealt_demands || d::bigint;
                    dealt_supplies := dealt_supplies || s::bigint;
                    dealt_qtys := dealt_qtys || taken;
                end if;
            end loop;
        end loop;
    end loop;

    if is_contended then
        group_nos := array_fill(0, array[demand_count]);
        for d in 1 .. demand_count loop
            name := concat_ws(
                '|', demand_days[d], length(demand_batches[d]), demand_batches[d], coalesce(demand_prices[d]::text, '-')
            );
            place := array_position(group_names, name);
            if place is null then
                group_names := group_names || name;
                unallocated := unallocated || 0::bigint;
                allocated := allocated || 0::bigint;
                firsts := firsts || d;
                place := cardinality(group_names);
            end if;
            group_nos[d] := place;
            unallocated[place] := unallocated[place] + demand_qtys[d];
        end loop;
        group_count := cardinality(group_names);
        is_contended := group_count::bigint * supply_count <= {{ var('largest_contended_pool', 40000) }};
    end if;

    if is_contended then
        longest := 2 * least(group_count, supply_count) + 4;
        base := 2 * longest * (supply_count + 1) + 1;
        to_allocate := base * (2 * longest + 1) * (2 * longest + 1) * (2 * longest + 1);
        costs := array_fill(null::bigint, array[group_count * supply_count]);
        flows := array_fill(0::bigint, array[group_count * supply_count]);
        for g in 1 .. group_count loop
            for s in 1 .. supply_count loop
                if supply_days[s] <= demand_days[firsts[g]] and supply_qtys[s] > 0 then
                    costs[(g - 1) * supply_count + s] := s
                        - case when supply_windows[s] then base else 0 end
                        - case
                            when supply_prices[s] = demand_prices[firsts[g]] then base * (2 * longest + 1)
                            else 0
                        end
                        - case
                            when supply_batches[s] = demand_batches[firsts[g]]
                                then base * (2 * longest + 1) * (2 * longest + 1)
                            else 0
                        end;
                end if;
            end loop;
        end loop;
        for n in 1 .. cardinality(dealt_qtys) loop
            node := group_nos[dealt_demands[n]];
            place := (node - 1) * supply_count + dealt_supplies[n];
            flows[place] := flows[place] + dealt_qtys[n];
            allocated[node] := allocated[node] + dealt_qtys[n];
            unallocated[node] := unallocated[node] - dealt_qtys[n];
        end loop;
        source_node := group_count + supply_count + 1;
        sink_node := group_count + supply_count + 2;
        loop
            distances := array_fill(0::bigint, array[sink_node]);
            parents := array_fill(0, array[sink_node]);
            found := 0;
            loop
                is_changed := false;
                for g in 1 .. group_count loop
                    for s in 1 .. supply_count loop
                        place := (g - 1) * supply_count + s;
                        continue when costs[place] is null;
                        if distances[g] + costs[place] < distances[group_count + s] then
                            distances[group_count + s] := distances[g] + costs[place];
                            parents[group_count + s] := g;
                            is_changed := true;
                        end if;
                        if flows[place] > 0 and distances[group_count + s] - costs[place] < distances[g] then
                            distances[g] := distances[group_count + s] - costs[place];
                            parents[g] := group_count + s;
                            is_changed := true;
                        end if;
                    end loop;
                    if allocated[g] > 0 and distances[g] < distances[source_node] then
                        distances[source_node] := distances[g];
                        parents[source_node] := g;
                        is_changed := true;
                    end if;
                end loop;
                for s in 1 .. supply_count loop
                    if balances[s] > 0 and distances[group_count + s] < distances[sink_node] then
                        distances[sink_node] := distances[group_count + s];
                        parents[sink_node] := group_count + s;
                        is_changed := true;
                    end if;
                    if balances[s] < supply_qtys[s] and distances[sink_node] < distances[group_count + s] then
                        distances[group_count + s] := distances[sink_node];
                        parents[group_count + s] := sink_node;
                        is_changed := true;
                    end if;
                end loop;
                if distances[sink_node] - to_allocate < distances[source_node] then
                    distances[source_node] := distances[sink_node] - to_allocate;
                    parents[source_node] := sink_node;
                    is_changed := true;
                end if;
                for g in 1 .. group_count loop
                    if unallocated[g] > 0 and distances[source_node] < distances[g] then
                        distances[g] := distances[source_node];
                        parents[g] := source_node;
                        is_changed := true;
                    end if;
                end loop;
                exit when not is_changed;
                -- A node that is its own ancestor lies on a cycle that pays.
                stamps := array_fill(0, array[sink_node]);
                for n in 1 .. sink_node loop
                    node := n;
                    while node > 0 and stamps[node] = 0 loop
                        stamps[node] := n;
                        node := parents[node];
                    end loop;
                    if node > 0 and stamps[node] = n then
                        found := node;
                        exit;
                    end if;
                end loop;
                exit when found > 0;
            end loop;
            exit when found = 0;
            pushed := null;
            node := found;
            loop
                room := case
                    when node = source_node and parents[node] <> sink_node then allocated[parents[node]]
                    when node = source_node then null
                    when node = sink_node then balances[parents[node] - group_count]
                    when parents[node] = source_node then unallocated[node]
                    when parents[node] = sink_node
                        then supply_qtys[node - group_count] - balances[node - group_count]
                    when node <= group_count then flows[(node - 1) * supply_count + parents[node] - group_count]
                end;
                pushed := least(pushed, room);
                node := parents[node];
                exit when node = found;
            end loop;
            loop
                if node = source_node and parents[node] <> sink_node then
                    allocated[parents[node]] := allocated[parents[node]] - pushed;
                    unallocated[parents[node]] := unallocated[parents[node]] + pushed;
                elsif node = sink_node then
                    balances[parents[node] - group_count] := balances[parents[node] - group_count] - pushed;
                elsif node <> source_node and parents[node] = source_node then
                    unallocated[node] := unallocated[node] - pushed;
                    allocated[node] := allocated[node] + pushed;
                elsif node <> source_node and parents[node] = sink_node then
                    balances[node - group_count] := balances[node - group_count] + pushed;
                elsif node <= group_count then
                    place := (node - 1) * supply_count + parents[node] - group_count;
                    flows[place] := flows[place] - pushed;
                elsif node < source_node then
                    place := (parents[node] - 1) * supply_count + node - group_count;
                    flows[place] := flows[place] + pushed;
                end if;
                node := parents[node];
                exit when node = found;
            end loop;
        end loop;
        dealt_demands := '{}';
        dealt_supplies := '{}';
        dealt_qtys := '{}';
        for d in 1 .. demand_count loop
            left_qty := demand_qtys[d];
            for rank in 0 .. 7 loop
                exit when left_qty = 0;
                for s in 1 .. supply_count loop
                    place := (group_nos[d] - 1) * supply_count + s;
                    continue when flows[place] = 0
                        or rank <> case when supply_batches[s] = demand_batches[d] then 0 else 4 end
                        + case when supply_prices[s] = demand_prices[d] then 0 else 2 end
                        + case when supply_windows[s] then 0 else 1 end;
                    taken := least(left_qty, flows[place]);
                    left_qty := left_qty - taken;
                    flows[place] := flows[place] - taken;
                    dealt_demands := dealt_demands || d::bigint;
                    dealt_supplies := dealt_supplies || s::bigint;
                    dealt_qtys := dealt_qtys || taken;
                    exit when left_qty = 0;
                end loop;
            end loop;
        end loop;
    end if;

    return query
    select dealt.d, dealt.s, dealt.q from unnest(dealt_demands, dealt_supplies, dealt_qtys) as dealt (d, s, q);
end
$body$;
{%- endmacro %}
