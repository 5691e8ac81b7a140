-- Lines of goods receipts with the SKU they mean: by its code, else by its GTIN, else as written. One row per
-- goods receipt line.
with

goods_receipts as (

    select * from {{ ref('stg_rtv__goods_receipts') }}

),

skus as (

    select * from {{ ref('stg_rtv__skus') }}

),

-- A GTIN that two articles share names none.
gtins as (

    select
        tenant_code,
        {{ gtin_14('gtin') }} as gtin,
        min(sku_code) as sku_code
    from skus
    group by tenant_code, {{ gtin_14('gtin') }}
    having count(*) = 1

),

final as (

    select
        goods_receipts.tenant_code,
        goods_receipts.node_code,
        goods_receipts.grn_no,
        goods_receipts.line_no,
        goods_receipts.awb_no,
        goods_receipts.rtv_no,
        goods_receipts.batch_no,
        goods_receipts.qty,
        goods_receipts.accepted_qty,
        goods_receipts.rejected_qty,
        goods_receipts.grn_on,
        coalesce(skus.sku_code, gtins.sku_code, goods_receipts.sku_code) as sku_code
    from goods_receipts
    left join skus
        on
            goods_receipts.tenant_code = skus.tenant_code
            and goods_receipts.sku_code = skus.sku_code
    left join gtins
        on
            goods_receipts.tenant_code = gtins.tenant_code
            and {{ gtin_14('goods_receipts.sku_code') }} = gtins.gtin

)

select * from final
