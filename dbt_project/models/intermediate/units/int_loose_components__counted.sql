-- Loose components of kits that an RTV names while it does not name the component (ruling 50): how many sound
-- ones were captured. A component that several kits want serves the first by SKU. One row per scope, kit and
-- component; the scope is the RTV, or the consignment where the capture does not tell the RTV.
with

counted as (

    select * from {{ ref('int_scope_skus__counted') }}

),

kit_components as (

    select * from {{ ref('stg_rtv__kit_components') }}

),

kits as (

    select distinct
        tenant_code,
        kit_sku_code
    from kit_components

),

kits_missing as (

    select
        counted.tenant_code,
        counted.scope_key,
        counted.sku_code as kit_sku_code,
        counted.declared_qty - coalesce(counted.captured_qty, 0) as missing_kits
    from counted
    inner join kits
        on
            counted.tenant_code = kits.tenant_code
            and counted.sku_code = kits.kit_sku_code
    where counted.declared_qty > coalesce(counted.captured_qty, 0)

),

wanted as (

    select
        kits_missing.tenant_code,
        kits_missing.scope_key,
        kits_missing.kit_sku_code,
        kits_missing.missing_kits,
        kit_components.component_sku_code,
        kit_components.component_qty,
        case when counted.declared_qty is null then coalesce(counted.sound_qty, 0) else 0 end as sound_qty,
        row_number() over (
            partition by kits_missing.scope_key, kit_components.component_sku_code
            order by kits_missing.kit_sku_code
        ) as kit_rank
    from kits_missing
    inner join kit_components
        on
            kits_missing.tenant_code = kit_components.tenant_code
            and kits_missing.kit_sku_code = kit_components.kit_sku_code
    left join counted
        on
            kits_missing.scope_key = counted.scope_key
            and kit_components.component_sku_code = counted.sku_code

),

final as (

    select
        tenant_code,
        scope_key,
        kit_sku_code,
        component_sku_code,
        missing_kits,
        component_qty,
        case when kit_rank = 1 then sound_qty else 0 end as loose_qty
    from wanted

)

select * from final
