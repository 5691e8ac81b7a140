{# Functions that say where in a pool a demand may look. Invoice lines stand in four kinds of chains,
   newest first: all of one batch and price, of one batch, of one price, and all. A demand enters its
   chains, the best first, where they are old enough for it, and follows them; so a pool needs four links
   an invoice line, not one for each demand and invoice line. #}
{% macro create_chain_functions() -%}
create or replace function intermediate.chain_names(batch text, price bigint)
returns table (way integer, chain text)
language sql
immutable
as $body$
values (1, 'b' || batch || '|' || price), (2, 'b' || batch || '|'), (3, '|' || price), (4, '|')
$body$;

-- Each invoice line with units in each of its chains, numbered along them.
create or replace function intermediate.chain_links(
    supply_qtys bigint[], supply_days date[], supply_batches text[], supply_prices bigint[]
)
returns table (link_no integer, chain text, supply_no integer, supplied_on date, next_no integer)
language sql
immutable
as $body$
select
    (row_number() over along)::integer,
    named.chain,
    supplies.supply_no::integer,
    supplies.supplied_on,
    case when lead(named.chain) over along = named.chain then 1 + row_number() over along else 0 end::integer
from unnest(supply_qtys, supply_days, supply_batches, supply_prices)
    with ordinality as supplies (qty, supplied_on, batch, price, supply_no)
cross join lateral intermediate.chain_names(supplies.batch, supplies.price) as named
where supplies.qty > 0 and named.chain is not null
window along as (order by named.chain, supplies.supply_no)
$body$;

-- The link by which each kind of demand (day, batch and price) enters each of its four chains; null where none.
create or replace function intermediate.chain_entries(
    kind_days date[], kind_batches text[], kind_prices bigint[], link_chains text[], link_days date[]
)
returns table (kind_no integer, way integer, link_no integer)
language sql
immutable
as $body$
select met.kind_no, met.way, met.link_no
from (
    select
        stacked.kind_no,
        stacked.way,
        min(stacked.link_no) over (partition by stacked.chain order by stacked.day) as link_no
    from (
        select null::integer as kind_no, null::integer as way, links.chain, links.day, links.link_no::integer as link_no
        from unnest(link_chains, link_days) with ordinality as links (chain, day, link_no)
        union all
        select kinds.kind_no::integer, named.way, named.chain, kinds.day, null
        from unnest(kind_days, kind_batches, kind_prices) with ordinality as kinds (day, batch, price, kind_no)
        cross join lateral intermediate.chain_names(kinds.batch, kinds.price) as named
    ) as stacked
) as met
where met.kind_no is not null
$body$;
{%- endmacro %}
