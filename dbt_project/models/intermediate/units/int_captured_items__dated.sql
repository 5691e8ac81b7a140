-- Captured items with the expiry and the pickup date they are judged by (ruling 47). One row per captured
-- item.
with

items as (

    select * from {{ ref('int_captured_items__resolved') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

nodes as (

    select * from {{ ref('stg_rtv__nodes') }}

),

dispatches as (

    select * from {{ ref('stg_rtv__dispatches') }}

),

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

batch_expiries as (

    select
        tenant_code,
        sku_code,
        batch_no,
        max(expiry_on) as expiry_on
    from dispatches
    where
        expiry_on is not null
        and batch_no is not null
    group by tenant_code, sku_code, batch_no

),

manifest_expiries as (

    select
        items.captured_item_key,
        manifest_lines.expiry_on,
        row_number() over (
            partition by items.captured_item_key
            order by
                coalesce(manifest_lines.batch_no = items.batch_no, false) desc,
                (manifest_lines.batch_no is null) desc,
                manifest_lines.expiry_on
        ) as expiry_rank
    from items
    inner join manifest_lines
        on
            items.consignment_key = manifest_lines.consignment_key
            and items.sku_code = manifest_lines.sku_code
            and coalesce(items.sole_rtv_key, manifest_lines.rtv_key) = manifest_lines.rtv_key
    where manifest_lines.expiry_on is not null

),

final as (

    select
        items.captured_item_key,
        coalesce(items.expiry_on, batch_expiries.expiry_on, manifest_expiries.expiry_on) as expiry_on,
        {{ local_date(
            'coalesce(consignments.first_picked_up_at, consignments.first_handover_at, items.started_at)',
            'coalesce(origins.timezone, ' ~ reporting_timezone() ~ ')'
        ) }} as picked_up_on,
        consignments.is_pod_remarked
    from items
    inner join consignments
        on items.consignment_key = consignments.consignment_key
    left join rtvs
        on items.oldest_rtv_key = rtvs.rtv_key
    left join nodes as origins
        on
            rtvs.tenant_code = origins.tenant_code
            and rtvs.origin_node = origins.node_code
    left join batch_expiries
        on
            items.tenant_code = batch_expiries.tenant_code
            and items.sku_code = batch_expiries.sku_code
            and items.batch_no = batch_expiries.batch_no
    left join manifest_expiries
        on
            items.captured_item_key = manifest_expiries.captured_item_key
            and manifest_expiries.expiry_rank = 1

)

select * from final
