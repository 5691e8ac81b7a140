-- Scanned items with what the master and a GS1 element string say of the code (ruling 22). One row per
-- captured item.
with

items as (

    select * from {{ ref('stg_rtv__qc_capture_items') }}

),

skus as (

    select * from {{ ref('stg_rtv__skus') }}

),

-- The same few codes are scanned all day; each is taken apart once.
codes as (

    select distinct scanned_code
    from items

),

parsed as (

    select
        scanned_code,
        {{ gs1_gtin('scanned_code') }} as gs1_gtin,
        {{ gs1_batch('scanned_code') }} as gs1_batch_no,
        {{ gs1_expiry('scanned_code') }} as gs1_expiry_on,
        {{ gtin_14('scanned_code') }} as padded_gtin
    from codes

),

skus_by_gtin as (

    select
        tenant_code,
        {{ gtin_14('gtin') }} as gtin_14,
        min(sku_code) as sku_code
    from skus
    where gtin is not null
    group by 1, 2

),

final as (

    select
        {{ surrogate_key(['items.tenant_code', 'items.capture_id', 'items.item_no']) }}
            as captured_item_key,
        items.tenant_code,
        items.capture_id,
        items.item_no,
        items.scanned_code,
        items.sku_code as stated_sku_code,
        coalesce(own_skus.sku_code, gs1_skus.sku_code, gtin_skus.sku_code) as certain_sku_code,
        code_skus.sku_code as coded_sku_code,
        coalesce(items.batch_no, parsed.gs1_batch_no) as batch_no,
        items.grade,
        items.defects,
        items.damage_cause,
        items.seal_state,
        coalesce(items.expiry_on, parsed.gs1_expiry_on) as expiry_on,
        items.qty,
        items.mrp_minor,
        items.seen_at
    from items
    left join parsed
        on items.scanned_code = parsed.scanned_code
    left join skus as own_skus
        on
            items.tenant_code = own_skus.tenant_code
            and items.sku_code = own_skus.sku_code
    left join skus_by_gtin as gs1_skus
        on
            items.tenant_code = gs1_skus.tenant_code
            and parsed.gs1_gtin = gs1_skus.gtin_14
    left join skus_by_gtin as gtin_skus
        on
            items.tenant_code = gtin_skus.tenant_code
            and parsed.padded_gtin = gtin_skus.gtin_14
    left join skus as code_skus
        on
            items.tenant_code = code_skus.tenant_code
            and items.scanned_code = code_skus.sku_code

)

select * from final
