-- Which share of a kit's price its missing components are, by their MRP (ruling 50).
-- One row per RTV line with kits that lack components.
with

units as (

    select * from {{ ref('int_condition_units__placed') }}

),

missing_components as (

    select * from {{ ref('stg_rtv__qc_capture_missing_components') }}

),

kit_components as (

    select * from {{ ref('stg_rtv__kit_components') }}

),

skus as (

    select * from {{ ref('stg_rtv__skus') }}

),

assembled as (

    select * from {{ ref('int_loose_kits__assembled') }}

),

kits_priced as (

    select
        kit_components.tenant_code,
        kit_components.kit_sku_code,
        sum(kit_components.component_qty * skus.mrp_minor) as kit_minor
    from kit_components
    inner join skus
        on
            kit_components.tenant_code = skus.tenant_code
            and kit_components.component_sku_code = skus.sku_code
    group by kit_components.tenant_code, kit_components.kit_sku_code

),

items_priced as (

    select
        {{ surrogate_key(
            ['missing_components.tenant_code', 'missing_components.capture_id', 'missing_components.item_no']
        ) }} as captured_item_key,
        sum(missing_components.qty * skus.mrp_minor) as missing_minor
    from missing_components
    inner join skus
        on
            missing_components.tenant_code = skus.tenant_code
            and missing_components.sku_code = skus.sku_code
    group by missing_components.tenant_code, missing_components.capture_id, missing_components.item_no

),

loose_priced as (

    select
        {{ surrogate_key(['assembled.scope_key', 'assembled.kit_sku_code', 'true']) }} as captured_item_key,
        sum(assembled.missing_qty * skus.mrp_minor) / max(assembled.incomplete_kits) as missing_minor
    from assembled
    inner join skus
        on
            assembled.tenant_code = skus.tenant_code
            and assembled.component_sku_code = skus.sku_code
    where assembled.incomplete_kits > 0
    group by assembled.scope_key, assembled.kit_sku_code

),

priced as (

    select * from items_priced
    union all
    select * from loose_priced

),

final as (

    select
        units.line_key as rtv_line_key,
        least(
            sum(units.qty * priced.missing_minor)::numeric / sum(units.qty * kits_priced.kit_minor), 1
        ) as missing_share
    from units
    inner join priced
        on units.captured_item_key = priced.captured_item_key
    inner join kits_priced
        on
            units.tenant_code = kits_priced.tenant_code
            and units.sku_code = kits_priced.kit_sku_code
    where
        units.condition_verdict = 'kit_incomplete'
        and kits_priced.kit_minor > 0
    group by units.line_key

)

select * from final
