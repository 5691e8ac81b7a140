-- Of the MRPs that are right for a platform's SKU and batch, the one it was last invoiced with (rulings 48,
-- 55). One row per platform, SKU and batch, and one per platform and SKU with a null batch.
with

right_mrps as (

    select * from {{ ref('int_right_mrps__listed') }}

),

stacked as (

    select
        tenant_code,
        platform_code,
        sku_code,
        batch_no,
        mrp_minor,
        last_invoiced_on
    from right_mrps
    where batch_no is not null
    union all
    select
        tenant_code,
        platform_code,
        sku_code,
        null as batch_no,
        mrp_minor,
        last_invoiced_on
    from right_mrps

),

ranked as (

    select
        *,
        row_number() over (
            partition by tenant_code, platform_code, sku_code, batch_no
            order by last_invoiced_on desc, mrp_minor asc
        ) as newness
    from stacked

),

final as (

    select
        tenant_code,
        platform_code,
        sku_code,
        batch_no,
        mrp_minor
    from ranked
    where newness = 1

)

select * from final
