-- Captured items whose code is a platform SKU of an RTV that their capture is on, with the SKU of its listing
-- (ruling 22). One row per such item.
with

items as (

    select * from {{ ref('int_captured_items__decoded') }}

),

capture_rtvs as (

    select * from {{ ref('int_capture_rtvs__matched') }}

),

listings as (

    select * from {{ ref('stg_rtv__listings') }}

),

ranked as (

    select
        items.captured_item_key,
        listings.sku_code,
        row_number() over (
            partition by items.captured_item_key
            order by capture_rtvs.rtv_rank, coalesce(listings.effective_from, date '0001-01-01') desc
        ) as listing_rank
    from items
    inner join capture_rtvs
        on
            items.tenant_code = capture_rtvs.tenant_code
            and items.capture_id = capture_rtvs.capture_id
    inner join listings
        on
            items.tenant_code = listings.tenant_code
            and capture_rtvs.platform_code = listings.platform_code
            and items.scanned_code = listings.platform_sku
            and coalesce(listings.effective_from, date '0001-01-01') <= capture_rtvs.first_created_at::date
    where items.certain_sku_code is null

),

final as (

    select
        captured_item_key,
        sku_code
    from ranked
    where listing_rank = 1

)

select * from final
