{# A function that deals a pool along chains of invoice lines: in turn first, then improved, demands of one
   kind (day, batch and price) as one, and given to the demands of each kind in their order. #}
{% macro create_chains_dealing_function() -%}
create or replace function intermediate.deal_by_chains(
    demand_qtys bigint[], demand_days date[], demand_batches text[], demand_prices bigint[],
    supply_qtys bigint[], supply_days date[], supply_batches text[], supply_prices bigint[], supply_windows boolean[]
)
returns table (demand_no bigint, supply_no bigint, qty bigint)
language plpgsql
immutable
-- Planning for each pool anew costs more than any plan saves.
set plan_cache_mode = force_generic_plan
as $body$
declare
    link_supplies integer[];
    link_nexts integer[];
    link_chains text[];
    link_days date[];
    kinds integer[];
    kind_qtys bigint[];
    kind_days date[];
    kind_batches text[];
    kind_prices bigint[];
    entry_links integer[];
    dealt record;
    shares record;
begin
    select
        array_agg(links.supply_no order by links.link_no), array_agg(links.next_no order by links.link_no),
        array_agg(links.chain order by links.link_no), array_agg(links.supplied_on order by links.link_no)
    into link_supplies, link_nexts, link_chains, link_days
    from intermediate.chain_links(supply_qtys, supply_days, supply_batches, supply_prices) as links;

    select array_agg(numbered.kind_no order by numbered.demand)
    into kinds
    from (
        select d.demand, dense_rank() over (order by d.day, d.batch, d.price)::integer as kind_no
        from unnest(demand_days, demand_batches, demand_prices) with ordinality as d (day, batch, price, demand)
    ) as numbered;

    select
        array_agg(k.qty order by k.kind_no), array_agg(k.day order by k.kind_no),
        array_agg(k.batch order by k.kind_no), array_agg(k.price order by k.kind_no)
    into kind_qtys, kind_days, kind_batches, kind_prices
    from (
        select d.kind_no, d.day, d.batch, d.price, sum(d.qty)::bigint as qty
        from unnest(kinds, demand_qtys, demand_days, demand_batches, demand_prices)
            as d (kind_no, qty, day, batch, price)
        group by d.kind_no, d.day, d.batch, d.price
    ) as k;

    select array_agg(coalesce(entries.link_no, 0) order by entries.kind_no, entries.way)
    into entry_links
    from intermediate.chain_entries(kind_days, kind_batches, kind_prices, link_chains, link_days) as entries;

    if link_supplies is null then
        return;
    end if;
    dealt := intermediate.deal_along_chains(demand_qtys, kinds, entry_links, supply_qtys, link_supplies, link_nexts);
    if cardinality(dealt.qtys) = 0 then
        return;
    end if;
    if intermediate.is_served_best_in_turn(demand_days, demand_batches, demand_prices, supply_windows) then
        return query
        select d.demand::bigint, link_supplies[d.link]::bigint, d.qty
        from unnest(dealt.demands, dealt.links, dealt.qtys) as d (demand, link, qty);
        return;
    end if;
    select
        array_agg(ranked.kind_no order by ranked.place) as kinds,
        array_agg(ranked.supply_no order by ranked.place) as supplies,
        array_agg(ranked.qty order by ranked.place) as qtys
    into shares
    from (
        select
            improved.*,
            row_number() over (
                order by
                    improved.kind_no,
                    coalesce(supply_batches[improved.supply_no] = kind_batches[improved.kind_no], false) desc,
                    coalesce(supply_prices[improved.supply_no] = kind_prices[improved.kind_no], false) desc,
                    supply_windows[improved.supply_no] desc,
                    improved.supply_no
            ) as place
        from intermediate.improved_deal(
            kind_qtys, entry_links, link_supplies, link_nexts, supply_qtys, supply_windows,
            dealt.entries, dealt.links, dealt.qtys, {{ var('dealing_effort', 30000000) }}
        ) as improved
    ) as ranked;
    return query
    select d.demand_no, d.supply_no, d.qty
    from intermediate.share_out(demand_qtys, kinds, shares.kinds, shares.supplies, shares.qtys) as d;
end
$body$;
{%- endmacro %}
