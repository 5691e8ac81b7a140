{# One step of int_invoice_allocations__walked: the demand at hand takes from the balances, best first: same
   batch, price as debited, inside the tax window, newest. Arrays are in the order of supply_no. #}
{% macro deal_to_best_balance() -%}
cross join lateral (
        select
            array_agg(taken.balance - taken.taken_qty order by taken.supply_no) as balances,
            array_agg(taken.taken_qty order by taken.supply_no) as takings,
            array_agg(taken.preference order by taken.supply_no) as ranks
        from (
            select
                ranked.supply_no,
                ranked.balance,
                ranked.preference,
                least(
                    ranked.open_qty,
                    greatest(
                        demands.demand_qty - sum(ranked.open_qty) over (order by ranked.preference)
                        + ranked.open_qty,
                        0
                    )
                )::bigint as taken_qty
            from (
                select
                    offered.supply_no,
                    offered.balance,
                    case when offered.invoice_on <= demands.created_on then offered.balance else 0 end as open_qty,
                    row_number() over (
                        order by
                            coalesce(offered.batch_no = demands.batch_no, false) desc,
                            (offered.price_minor = demands.reference_price_minor) desc,
                            offered.is_in_window desc,
                            offered.supply_no
                    ) as preference
                from
                    unnest(
                        walked.balances, walked.invoice_dates, walked.batches, walked.prices, walked.windows
                    ) with ordinality as offered (
                        balance, invoice_on, batch_no, price_minor, is_in_window, supply_no
                    )
            ) as ranked
        ) as taken
    ) as dealt
{%- endmacro %}
