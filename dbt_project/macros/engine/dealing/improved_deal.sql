{# A function that improves what was dealt in turn, as a flow: from a source through kinds of demands,
   links of chains and invoice lines to a sink, and back. A cost is one number whose digits are the levels
   of the order; none carries over, since a cycle passes each kind and the sink once. Rows are units of a
   kind on an invoice line; along a chain the oldest demand that waits is served first. #}
{% macro create_improving_function() -%}
create or replace function intermediate.improved_deal(
    kind_qtys bigint[], entry_links integer[], link_supplies integer[], link_nexts integer[],
    supply_qtys bigint[], supply_windows boolean[],
    dealt_entries integer[], dealt_links integer[], dealt_qtys bigint[], effort bigint
)
returns table (kind_no integer, supply_no integer, qty bigint)
language plpgsql
immutable
set plan_cache_mode = force_generic_plan
as $body$
#variable_conflict use_column
declare
    kind_count integer := cardinality(kind_qtys);
    entry_count integer := cardinality(entry_links);
    link_count integer := cardinality(link_supplies);
    supply_count integer := cardinality(supply_qtys);
    source integer := kind_count + link_count + supply_count + 1;
    of_window bigint := supply_count + 1;
    of_price bigint := 2 * of_window;
    of_batch bigint := of_price * (kind_count + 1);
    of_unit bigint := of_batch * (kind_count + 1);
    flows bigint[];
    entries integer[];
    next_entry integer := 1;
    waiting integer[] := '{}';
    waiting_count integer := 0;
    to_leave bigint;
begin
    with

    dealt as (select * from unnest(dealt_entries, dealt_links, dealt_qtys) as d (entry, link, qty)),

    steps as (
        select entry_links[entry] as link, qty from dealt
        union all
        select link, -qty from dealt
        union all
        select l, 0 from generate_series(1, link_count) as l
    ),

    dealt_flows as (
        select 1 as band, (entry + 3) / 4 as place, sum(qty) as flow from dealt group by 2
        union all
        select 2, entry, sum(qty) from dealt group by 2
        union all
        select 3, link, sum(sum(qty)) over (order by link) from steps group by 2
        union all
        select 4, link, sum(qty) from dealt group by 2
        union all
        select 5, link_supplies[link], sum(qty) from dealt group by 2
        union all
        select 6, 1, sum(qty) from dealt
    ),

    arcs as (
        select 1 as band, k as place, source as tail, k as head, 0::bigint as cost, kind_qtys[k] as room
        from generate_series(1, kind_count) as k
        union all
        select 2, e, (e + 3) / 4, case entry_links[e] when 0 then (e + 3) / 4 else kind_count + entry_links[e] end,
            case e % 4 when 1 then -of_batch - of_price when 2 then -of_batch when 3 then -of_price else 0 end,
            case entry_links[e] when 0 then 0 else kind_qtys[(e + 3) / 4] end
        from generate_series(1, entry_count) as e
        union all
        select 3, l, kind_count + l, kind_count + greatest(link_nexts[l], l), 0, 9223372036854775807
        from generate_series(1, link_count) as l
        union all
        select 4, l, kind_count + l, kind_count + link_count + link_supplies[l], 0, supply_qtys[link_supplies[l]]
        from generate_series(1, link_count) as l
        union all
        select 5, s, kind_count + link_count + s, source + 1,
            s - case when supply_windows[s] then of_window else 0 end, supply_qtys[s]
        from generate_series(1, supply_count) as s
        union all
        select 6, 1, source + 1, source, -of_unit, 9223372036854775807
    )

    select intermediate.improved_flow(
        array_agg(arcs.tail order by arcs.band, arcs.place),
        array_agg(arcs.head order by arcs.band, arcs.place),
        array_agg(arcs.cost order by arcs.band, arcs.place),
        array_agg(arcs.room order by arcs.band, arcs.place),
        array_agg(coalesce(dealt_flows.flow, 0)::bigint order by arcs.band, arcs.place),
        effort
    )
    into flows
    from arcs
    left join dealt_flows using (band, place);

    select array_agg(e order by entry_links[e], e desc)
    into entries
    from generate_series(1, entry_count) as e
    where flows[kind_count + e] > 0;

    for link in 1 .. link_count loop
        while entry_links[entries[next_entry]] = link loop
            waiting_count := waiting_count + 1;
            waiting[waiting_count] := entries[next_entry];
            next_entry := next_entry + 1;
        end loop;
        to_leave := flows[kind_count + entry_count + link_count + link];
        while to_leave > 0 loop
            kind_no := (waiting[waiting_count] + 3) / 4;
            supply_no := link_supplies[link];
            qty := least(to_leave, flows[kind_count + waiting[waiting_count]]);
            return next;
            to_leave := to_leave - qty;
            flows[kind_count + waiting[waiting_count]] := flows[kind_count + waiting[waiting_count]] - qty;
            if flows[kind_count + waiting[waiting_count]] = 0 then
                waiting_count := waiting_count - 1;
            end if;
        end loop;
    end loop;
end
$body$;
{%- endmacro %}
