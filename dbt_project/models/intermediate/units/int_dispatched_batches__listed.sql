-- Which batches of a SKU a platform was ever sent (ruling 49). One row per platform and SKU.
with

dispatches as (

    select * from {{ ref('stg_rtv__dispatches') }}

),

final as (

    select
        tenant_code,
        platform_code,
        sku_code,
        array_agg(distinct batch_no) as batch_nos,
        bool_and(batch_no is not null) as is_always_batched
    from dispatches
    group by tenant_code, platform_code, sku_code

)

select * from final
