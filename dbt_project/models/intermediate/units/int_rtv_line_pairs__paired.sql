-- Units of a wrong SKU in place of a right one, paired greedily in rank order (ruling 43). One row per
-- short line and surplus line.
with {{ walked_pairs(ref('int_rtv_line_pairs__ranked')) }},

ranked as (

    select * from {{ ref('int_rtv_line_pairs__ranked') }}

),

final as (

    select
        ranked.short_line_key,
        ranked.surplus_line_key,
        ranked.surplus_sku_code,
        sum(walked.paired_qty)::bigint as paired_qty
    from walked
    inner join ranked
        on
            walked.group_key = ranked.group_key
            and walked.pair_no = ranked.pair_no
    where walked.paired_qty > 0
    group by 1, 2, 3

)

select * from final
