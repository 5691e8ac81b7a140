-- The CFA's or ERP's goods receipts against the hub's own count (batch blank: of the SKU). One row per goods
-- receipt, consignment, return, SKU and batch.
with

goods_receipts as (

    select * from {{ ref('stg_rtv__goods_receipts') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

rtvs_named as (

    select
        tenant_code,
        rtv_no,
        min(platform_code) as platform_code
    from rtvs
    group by tenant_code, rtv_no
    having count(*) = 1

),

rtvs_carried as (

    select
        tenant_code,
        awb_no,
        min(platform_code) as platform_code,
        min(rtv_no) as rtv_no
    from consignments
    where awb_no is not null
    group by tenant_code, awb_no
    having
        count(*) = 1
        and min(rtv_count) = 1

),

summed as (

    select
        goods_receipts.tenant_code,
        goods_receipts.node_code,
        goods_receipts.grn_no,
        goods_receipts.awb_no,
        goods_receipts.sku_code,
        goods_receipts.batch_no,
        coalesce(rtvs_named.platform_code, rtvs_carried.platform_code) as platform_code,
        coalesce(goods_receipts.rtv_no, rtvs_carried.rtv_no) as rtv_no,
        min(goods_receipts.grn_on) as grn_on,
        sum(goods_receipts.qty)::bigint as grn_qty,
        sum(goods_receipts.accepted_qty)::bigint as grn_accepted_qty,
        sum(goods_receipts.rejected_qty)::bigint as grn_rejected_qty
    from goods_receipts
    left join rtvs_named
        on
            goods_receipts.tenant_code = rtvs_named.tenant_code
            and goods_receipts.rtv_no = rtvs_named.rtv_no
    left join rtvs_carried
        on
            goods_receipts.tenant_code = rtvs_carried.tenant_code
            and goods_receipts.awb_no = rtvs_carried.awb_no
            and goods_receipts.rtv_no is null
    group by
        goods_receipts.tenant_code,
        goods_receipts.node_code,
        goods_receipts.grn_no,
        goods_receipts.awb_no,
        goods_receipts.sku_code,
        goods_receipts.batch_no,
        coalesce(rtvs_named.platform_code, rtvs_carried.platform_code),
        coalesce(goods_receipts.rtv_no, rtvs_carried.rtv_no)

),

counted as (

    select
        summed.tenant_code,
        summed.node_code,
        summed.grn_no,
        summed.awb_no,
        summed.platform_code,
        summed.rtv_no,
        summed.sku_code,
        summed.batch_no,
        summed.grn_on,
        summed.grn_qty,
        summed.grn_accepted_qty,
        summed.grn_rejected_qty,
        sum(rtv_lines.received_qty)::bigint as received_qty,
        sum(rtv_lines.accepted_qty)::bigint as accepted_qty
    from summed
    left join rtv_lines
        on
            summed.tenant_code = rtv_lines.tenant_code
            and summed.platform_code = rtv_lines.platform_code
            and summed.rtv_no = rtv_lines.rtv_no
            and summed.sku_code = rtv_lines.sku_code
            and coalesce(summed.batch_no = rtv_lines.batch_no, summed.batch_no is null)
    group by
        summed.tenant_code,
        summed.node_code,
        summed.grn_no,
        summed.awb_no,
        summed.platform_code,
        summed.rtv_no,
        summed.sku_code,
        summed.batch_no,
        summed.grn_on,
        summed.grn_qty,
        summed.grn_accepted_qty,
        summed.grn_rejected_qty

),

final as (

    select
        {{ surrogate_key(
            ['tenant_code', 'node_code', 'grn_no', 'awb_no', 'rtv_no', 'sku_code', 'batch_no']
        ) }} as receipt_comparison_key,
        tenant_code,
        node_code,
        grn_no,
        awb_no,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        grn_qty,
        grn_accepted_qty,
        grn_rejected_qty,
        received_qty,
        accepted_qty,
        grn_qty - received_qty as difference_qty,
        case
            when received_qty is null then 'not_counted'
            when grn_qty = received_qty then 'equal'
            when grn_qty > received_qty then 'grn_more'
            else 'grn_less'
        end as comparison,
        grn_on
    from counted

)

select * from final
