{# A function that improves a flow until no cycle of negative cost is left, so that none is cheaper: arc by
   arc the nodes it joins, its cost, how much it may carry and carries. A cycle shows as a node that is its
   own ancestor on the shortest ways (Bellman and Ford); all that one look shows are used at once, and the
   next look goes on with the distances of the last. Looks at no more than about `effort` arcs; what it has
   then is a flow as sound, only dearer than need be. #}
{% macro create_flow_function() -%}
create or replace function intermediate.improved_flow(
    tails integer[], heads integer[], costs bigint[], rooms bigint[], flows bigint[], effort bigint
)
returns bigint[]
language plpgsql
immutable
as $body$
declare
    arc_count integer := cardinality(tails);
    node_count integer := (select max(node) from unnest(tails || heads) as nodes (node));
    distances bigint[] := array_fill(0::bigint, array[node_count]);
    -- The arc by which a node is reached, negative when against its direction.
    parents integer[] := array_fill(0, array[node_count]);
    stamps integer[];
    is_forward boolean := false;
    is_changed boolean := true;
    is_found boolean;
    looked bigint := 0;
    arc integer;
    tail integer;
    head integer;
    node integer;
    pushed bigint;
begin
    while is_changed and looked < effort loop
        is_changed := false;
        is_forward := not is_forward;
        looked := looked + arc_count;
        for place in 1 .. arc_count loop
            arc := case when is_forward then place else arc_count + 1 - place end;
            tail := tails[arc];
            head := heads[arc];
            if distances[tail] + costs[arc] < distances[head] then
                if flows[arc] < rooms[arc] then
                    distances[head] := distances[tail] + costs[arc];
                    parents[head] := arc;
                    is_changed := true;
                end if;
            elsif flows[arc] > 0 and distances[head] - costs[arc] < distances[tail] then
                distances[tail] := distances[head] - costs[arc];
                parents[tail] := -arc;
                is_changed := true;
            end if;
        end loop;
        stamps := array_fill(0, array[node_count]);
        is_found := false;
        for origin in 1 .. node_count loop
            node := origin;
            while node > 0 and stamps[node] = 0 loop
                stamps[node] := origin;
                arc := parents[node];
                node := case when arc > 0 then tails[arc] when arc < 0 then heads[-arc] else 0 end;
            end loop;
            continue when node = 0 or stamps[node] <> origin;
            is_found := true;
            head := node;
            pushed := null;
            loop
                arc := parents[node];
                pushed := least(pushed, case when arc > 0 then rooms[arc] - flows[arc] else flows[-arc] end);
                node := case when arc > 0 then tails[arc] else heads[-arc] end;
                exit when node = head;
            end loop;
            loop
                arc := parents[node];
                flows[abs(arc)] := flows[abs(arc)] + sign(arc)::bigint * pushed;
                node := case when arc > 0 then tails[arc] else heads[-arc] end;
                exit when node = head;
            end loop;
        end loop;
        if is_found then
            parents := array_fill(0, array[node_count]);
        end if;
    end loop;
    return flows;
end
$body$;
{%- endmacro %}
