-- Which batches of a SKU a platform was ever sent (ruling 49). One row per platform, SKU and batch.
with

dispatches as (

    select * from {{ ref('stg_rtv__dispatches') }}

),

distinct_batches as (

    select distinct
        tenant_code,
        platform_code,
        sku_code,
        batch_no
    from dispatches

),

final as (

    select
        tenant_code,
        platform_code,
        sku_code,
        batch_no,
        bool_and(batch_no is not null) over (partition by tenant_code, platform_code, sku_code)
            as is_always_batched
    from distinct_batches

)

select * from final
