-- The manifest, our own count and the CFA's or ERP's goods receipts, line by line. Where a note names no
-- batch, the SKU is compared as a whole. One row per RTV, SKU and batch, of places that send goods receipts;
-- and one per note, SKU and batch where no RTV is known.
with

goods_receipts as (

    select * from {{ ref('int_goods_receipts__matched') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

noting_nodes as (

    select distinct
        tenant_code,
        node_code
    from goods_receipts

),

compared_rtvs as (

    select
        rtvs.rtv_key,
        rtvs.destination_node
    from rtvs
    inner join goods_receipts
        on
            rtvs.tenant_code = goods_receipts.tenant_code
            and rtvs.platform_code = goods_receipts.platform_code
            and rtvs.rtv_no = goods_receipts.rtv_no
    where not rtvs.is_duplicate
    union
    select
        rtvs.rtv_key,
        rtvs.destination_node
    from rtvs
    inner join noting_nodes
        on
            rtvs.tenant_code = noting_nodes.tenant_code
            and rtvs.destination_node = noting_nodes.node_code
    where not rtvs.is_duplicate

),

without_batch as (

    select distinct
        tenant_code,
        platform_code,
        rtv_no,
        sku_code
    from goods_receipts
    where batch_no is null

),

noted as (

    select
        goods_receipts.tenant_code,
        goods_receipts.platform_code,
        goods_receipts.rtv_no,
        goods_receipts.sku_code,
        case when without_batch.sku_code is null then goods_receipts.batch_no end as batch_no,
        case
            when goods_receipts.platform_code is null
                then goods_receipts.node_code || '/' || goods_receipts.grn_no
        end as unknown_note,
        min(goods_receipts.node_code) as node_code,
        {{ joined_texts('goods_receipts.grn_no', ', ') }} as grn_no,
        min(goods_receipts.awb_no) as awb_no,
        min(goods_receipts.grn_on) as grn_on,
        sum(goods_receipts.qty) as grn_qty,
        sum(goods_receipts.accepted_qty) as grn_accepted_qty,
        sum(goods_receipts.rejected_qty) as grn_rejected_qty
    from goods_receipts
    left join without_batch
        on
            goods_receipts.tenant_code = without_batch.tenant_code
            and goods_receipts.platform_code is not distinct from without_batch.platform_code
            and goods_receipts.rtv_no is not distinct from without_batch.rtv_no
            and goods_receipts.sku_code = without_batch.sku_code
    group by 1, 2, 3, 4, 5, 6

),

counted as (

    select
        rtv_lines.tenant_code,
        rtv_lines.platform_code,
        rtv_lines.rtv_no,
        rtv_lines.sku_code,
        case when without_batch.sku_code is null then rtv_lines.batch_no end as batch_no,
        min(compared_rtvs.destination_node) as node_code,
        min(rtv_lines.awb_no) as awb_no,
        sum(rtv_lines.declared_qty) as declared_qty,
        sum(rtv_lines.received_qty) as received_qty,
        sum(rtv_lines.accepted_qty) as accepted_qty,
        sum(rtv_lines.pending_qty) as pending_qty
    from rtv_lines
    inner join compared_rtvs
        on rtv_lines.rtv_key = compared_rtvs.rtv_key
    left join without_batch
        on
            rtv_lines.tenant_code = without_batch.tenant_code
            and rtv_lines.platform_code = without_batch.platform_code
            and rtv_lines.rtv_no = without_batch.rtv_no
            and rtv_lines.sku_code = without_batch.sku_code
    where rtv_lines.sku_code is not null
    group by 1, 2, 3, 4, 5

),

joined as (

    select
        noted.grn_no,
        noted.unknown_note,
        noted.grn_on,
        noted.grn_qty,
        noted.grn_accepted_qty,
        noted.grn_rejected_qty,
        counted.declared_qty,
        counted.received_qty,
        counted.accepted_qty,
        counted.pending_qty,
        coalesce(counted.tenant_code, noted.tenant_code) as tenant_code,
        coalesce(counted.platform_code, noted.platform_code) as platform_code,
        coalesce(counted.rtv_no, noted.rtv_no) as rtv_no,
        coalesce(counted.sku_code, noted.sku_code) as sku_code,
        coalesce(counted.batch_no, noted.batch_no) as batch_no,
        coalesce(noted.node_code, counted.node_code) as node_code,
        coalesce(noted.awb_no, counted.awb_no) as awb_no
    from counted
    full outer join noted
        on
            counted.tenant_code = noted.tenant_code
            and counted.platform_code = noted.platform_code
            and counted.rtv_no = noted.rtv_no
            and counted.sku_code = noted.sku_code
            and coalesce(counted.batch_no, '') = coalesce(noted.batch_no, '')

),

final as (

    select
        {{ surrogate_key(
            ['tenant_code', 'platform_code', 'rtv_no', 'sku_code', 'batch_no', 'unknown_note']
        ) }} as receipt_comparison_key,
        tenant_code,
        node_code,
        grn_no,
        awb_no,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        {{ typed('count', 'declared_qty') }} as declared_qty,
        {{ typed('count', 'received_qty') }} as received_qty,
        {{ typed('count', 'accepted_qty') }} as accepted_qty,
        {{ typed('count', 'pending_qty') }} as pending_qty,
        {{ typed('count', 'grn_qty') }} as grn_qty,
        {{ typed('count', 'grn_accepted_qty') }} as grn_accepted_qty,
        {{ typed('count', 'grn_rejected_qty') }} as grn_rejected_qty,
        {{ typed('count', 'grn_qty - received_qty') }} as difference_qty,
        case
            when grn_qty is null then 'grn_missing'
            when received_qty is null then 'not_declared'
            when received_qty = 0 and pending_qty > 0 then 'not_counted'
            when grn_qty = received_qty and received_qty = declared_qty then 'equal'
            when grn_qty = received_qty then 'manifest_differs'
            when grn_qty = declared_qty then 'count_differs'
            when received_qty = declared_qty then 'grn_differs'
            else 'all_differ'
        end as comparison,
        grn_on
    from joined

)

select * from final
