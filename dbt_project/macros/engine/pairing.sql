{# Walks ranked pairs one after the other inside each group and takes as many units as all four limits leave:
   of either line as a whole, and of either line within the scope of the pair. Greedy and exact; the state of what is
   used travels along as jsonb. Expects group_key, pair_no (1, 2, …), four keys and four limits. #}
{% macro walked_pairs(pairs) -%}
recursive walked as (

    select
        pairs.group_key,
        0::bigint as pair_no,
        0::bigint as paired_qty,
        '{}'::jsonb as used
    from (select distinct group_key from {{ pairs }}) as pairs
    union all
    select
        pairs.group_key,
        pairs.pair_no,
        taken.qty as paired_qty,
        case
            when taken.qty = 0 then walked.used
            else walked.used || jsonb_build_object(
                    pairs.short_key, coalesce((walked.used ->> pairs.short_key)::bigint, 0) + taken.qty,
                    pairs.surplus_key, coalesce((walked.used ->> pairs.surplus_key)::bigint, 0) + taken.qty,
                    pairs.short_scope_key, coalesce((walked.used ->> pairs.short_scope_key)::bigint, 0) + taken.qty,
                    pairs.surplus_scope_key, coalesce((walked.used ->> pairs.surplus_scope_key)::bigint, 0) + taken.qty
            )
        end as used
    from walked
    inner join {{ pairs }} as pairs
        on
            walked.group_key = pairs.group_key
            and walked.pair_no + 1 = pairs.pair_no
    cross join lateral (
        select
            greatest(
                least(
                    pairs.short_limit - coalesce((walked.used ->> pairs.short_key)::bigint, 0),
                    pairs.surplus_limit - coalesce((walked.used ->> pairs.surplus_key)::bigint, 0),
                    pairs.short_scope_limit - coalesce((walked.used ->> pairs.short_scope_key)::bigint, 0),
                    pairs.surplus_scope_limit - coalesce((walked.used ->> pairs.surplus_scope_key)::bigint, 0)
                ),
                0
            ) as qty
    ) as taken

)
{%- endmacro %}
