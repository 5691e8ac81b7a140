-- Lines of goods receipts with the RTV they are of: the one they name, where platforms share a number the one
-- that fits the AWB; else the only RTV of their AWB, of several the only one that declares the SKU. One row
-- per goods receipt line.
with

goods_receipts as (

    select * from {{ ref('int_goods_receipts__identified') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}
    where not is_duplicate

),

rtv_consignments as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

paper_awbs as (

    select * from {{ ref('int_paper_awbs__matched') }}

),

carried as (

    select distinct
        paper_awbs.tenant_code,
        paper_awbs.awb_no,
        rtv_consignments.rtv_key
    from rtv_consignments
    inner join paper_awbs
        on rtv_consignments.consignment_key = paper_awbs.consignment_key

),

declaring as (

    select distinct
        rtv_key,
        sku_code
    from rtv_lines
    where declared_qty > 0

),

named as (

    select
        goods_receipts.*,
        rtvs.rtv_key
    from goods_receipts
    inner join rtvs
        on
            goods_receipts.tenant_code = rtvs.tenant_code
            and goods_receipts.rtv_no = rtvs.rtv_no
    union all
    select
        goods_receipts.*,
        carried.rtv_key
    from goods_receipts
    inner join carried
        on
            goods_receipts.tenant_code = carried.tenant_code
            and goods_receipts.awb_no = carried.awb_no
    where goods_receipts.rtv_no is null

),

candidates as (

    select
        named.tenant_code,
        named.node_code,
        named.grn_no,
        named.line_no,
        named.rtv_key,
        case when carried.rtv_key is null then 0 else 2 end
        + case when declaring.rtv_key is null then 0 else 1 end as fit
    from named
    left join carried
        on
            named.tenant_code = carried.tenant_code
            and named.awb_no = carried.awb_no
            and named.rtv_key = carried.rtv_key
    left join declaring
        on
            named.rtv_key = declaring.rtv_key
            and named.sku_code = declaring.sku_code

),

ranked as (

    select
        *,
        rank() over (
            partition by tenant_code, node_code, grn_no, line_no
            order by fit desc
        ) as fit_rank
    from candidates

),

chosen as (

    select
        tenant_code,
        node_code,
        grn_no,
        line_no,
        min(rtv_key) as rtv_key
    from ranked
    where fit_rank = 1
    group by tenant_code, node_code, grn_no, line_no
    having count(*) = 1

),

final as (

    select
        goods_receipts.tenant_code,
        goods_receipts.node_code,
        goods_receipts.grn_no,
        goods_receipts.line_no,
        goods_receipts.awb_no,
        rtvs.platform_code,
        goods_receipts.sku_code,
        goods_receipts.batch_no,
        goods_receipts.qty,
        goods_receipts.accepted_qty,
        goods_receipts.rejected_qty,
        goods_receipts.grn_on,
        coalesce(rtvs.rtv_no, goods_receipts.rtv_no) as rtv_no
    from goods_receipts
    left join chosen
        on
            goods_receipts.tenant_code = chosen.tenant_code
            and goods_receipts.node_code = chosen.node_code
            and goods_receipts.grn_no = chosen.grn_no
            and goods_receipts.line_no = chosen.line_no
    left join rtvs
        on chosen.rtv_key = rtvs.rtv_key

)

select * from final
