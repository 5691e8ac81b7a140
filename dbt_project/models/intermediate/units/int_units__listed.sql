-- Captured units of known SKUs of a known RTV, with the scopes they may fill lines in. One row per captured
-- item.
with

items as (

    select * from {{ ref('int_captured_items__assembled') }}

),

capture_rtvs as (

    select * from {{ ref('int_capture_rtvs__matched') }}

),

declared_lines as (

    select * from {{ ref('int_rtv_lines__declared') }}

),

rtv_skus as (

    select distinct
        rtv_key,
        sku_code
    from declared_lines

),

homes as (

    select
        items.captured_item_key,
        capture_rtvs.rtv_key,
        row_number() over (
            partition by items.captured_item_key
            order by (rtv_skus.sku_code is not null) desc, capture_rtvs.rtv_rank
        ) as home_rank
    from items
    inner join capture_rtvs
        on
            items.tenant_code = capture_rtvs.tenant_code
            and items.capture_id = capture_rtvs.capture_id
    left join rtv_skus
        on
            capture_rtvs.rtv_key = rtv_skus.rtv_key
            and items.sku_code = rtv_skus.sku_code

),

final as (

    select
        items.captured_item_key as unit_key,
        items.captured_item_key,
        items.tenant_code,
        items.sole_rtv_key as rtv_scope,
        homes.rtv_key as home_scope,
        items.sku_code,
        items.batch_no,
        items.qty,
        case when items.sole_rtv_key is null then items.consignment_key end as consignment_scope,
        items.condition_verdict is not null as is_failed,
        row_number() over (order by items.started_at, items.capture_id, items.item_no) as unit_order
    from items
    inner join homes
        on
            items.captured_item_key = homes.captured_item_key
            and homes.home_rank = 1

)

select * from final
