-- Captured items with the SKU they are, platform SKUs read by the platform of their RTV (ruling 22). One
-- row per captured item.
with

items as (

    select * from {{ ref('int_captured_items__decoded') }}

),

listed as (

    select * from {{ ref('int_captured_items__listed') }}

),

captures as (

    select * from {{ ref('stg_rtv__qc_captures') }}

),

sightings as (

    select * from {{ ref('int_sightings__matched') }}

),

capture_rtvs as (

    select * from {{ ref('int_capture_rtvs__matched') }}

),

listings as (

    select * from {{ ref('stg_rtv__listings') }}

),

blindly_listed as (

    select
        tenant_code,
        platform_sku,
        min(sku_code) as sku_code
    from listings
    group by tenant_code, platform_sku
    having count(distinct sku_code) = 1

),

final as (

    select
        items.captured_item_key,
        items.tenant_code,
        items.capture_id,
        items.item_no,
        sightings.consignment_key,
        capture_rtvs.rtv_key as oldest_rtv_key,
        capture_rtvs.platform_code,
        items.batch_no,
        items.scanned_code,
        captures.carton_no,
        captures.node_code,
        captures.bay_code,
        items.grade,
        items.defects,
        items.damage_cause,
        items.seal_state,
        sightings.match_method,
        sightings.is_contradicted,
        items.expiry_on,
        items.qty,
        items.mrp_minor,
        items.seen_at,
        captures.started_at,
        captures.ended_at,
        case when capture_rtvs.rtv_count = 1 then capture_rtvs.rtv_key end as sole_rtv_key,
        coalesce(
            items.certain_sku_code,
            listed.sku_code,
            case when capture_rtvs.rtv_key is null then blindly_listed.sku_code end,
            items.coded_sku_code
        ) as sku_code,
        captures.video_uri is not null as is_filmed
    from items
    inner join captures
        on
            items.tenant_code = captures.tenant_code
            and items.capture_id = captures.capture_id
    inner join sightings
        on
            items.tenant_code = sightings.tenant_code
            and items.capture_id = sightings.sighting_id
            and sightings.sighting_kind = 'capture'
    left join capture_rtvs
        on
            items.tenant_code = capture_rtvs.tenant_code
            and items.capture_id = capture_rtvs.capture_id
            and capture_rtvs.rtv_rank = 1
    left join listed
        on items.captured_item_key = listed.captured_item_key
    left join blindly_listed
        on
            items.tenant_code = blindly_listed.tenant_code
            and items.scanned_code = blindly_listed.platform_sku

)

select * from final
