-- Loose components of kits that an RTV names while it does not name the component (ruling 50): how many sound
-- ones were captured. A component that several kits want serves the first by SKU. One row per scope, kit and
-- component; the scope is the RTV, or the consignment where the capture does not tell the RTV.
with

items as (

    select * from {{ ref('int_captured_items__judged') }}

),

capture_rtvs as (

    select * from {{ ref('int_capture_rtvs__matched') }}

),

lines as (

    select * from {{ ref('int_rtv_lines__declared') }}

),

kit_components as (

    select * from {{ ref('stg_rtv__kit_components') }}

),

scoped as (

    select
        tenant_code,
        capture_id,
        sku_code,
        qty,
        condition_verdict,
        coalesce(sole_rtv_key, consignment_key) as scope_key
    from items
    where sku_code is not null

),

scope_rtvs as (

    select distinct
        scoped.tenant_code,
        scoped.scope_key,
        capture_rtvs.rtv_key
    from scoped
    inner join capture_rtvs
        on
            scoped.tenant_code = capture_rtvs.tenant_code
            and scoped.capture_id = capture_rtvs.capture_id

),

declared as (

    select
        scope_rtvs.tenant_code,
        scope_rtvs.scope_key,
        lines.sku_code,
        cast(sum(lines.declared_qty) as bigint) as declared_qty
    from scope_rtvs
    inner join lines
        on scope_rtvs.rtv_key = lines.rtv_key
    where not lines.is_duplicate
    group by scope_rtvs.tenant_code, scope_rtvs.scope_key, lines.sku_code

),

captured as (

    select
        scope_key,
        sku_code,
        cast(sum(qty) as bigint) as captured_qty,
        cast(sum(case when condition_verdict is null then qty else 0 end) as bigint) as sound_qty
    from scoped
    group by scope_key, sku_code

),

kits as (

    select distinct
        tenant_code,
        kit_sku_code
    from kit_components

),

kits_missing as (

    select
        declared.tenant_code,
        declared.scope_key,
        declared.sku_code as kit_sku_code,
        declared.declared_qty - coalesce(captured.captured_qty, 0) as missing_kits
    from declared
    inner join kits
        on
            declared.tenant_code = kits.tenant_code
            and declared.sku_code = kits.kit_sku_code
    left join captured
        on
            declared.scope_key = captured.scope_key
            and declared.sku_code = captured.sku_code
    where declared.declared_qty > coalesce(captured.captured_qty, 0)

),

wanted as (

    select
        kits_missing.tenant_code,
        kits_missing.scope_key,
        kits_missing.kit_sku_code,
        kits_missing.missing_kits,
        kit_components.component_sku_code,
        kit_components.component_qty,
        case when declared.sku_code is null then coalesce(captured.sound_qty, 0) else 0 end as sound_qty,
        row_number() over (
            partition by kits_missing.scope_key, kit_components.component_sku_code
            order by kits_missing.kit_sku_code
        ) as kit_rank
    from kits_missing
    inner join kit_components
        on
            kits_missing.tenant_code = kit_components.tenant_code
            and kits_missing.kit_sku_code = kit_components.kit_sku_code
    left join declared
        on
            kits_missing.scope_key = declared.scope_key
            and kit_components.component_sku_code = declared.sku_code
    left join captured
        on
            kits_missing.scope_key = captured.scope_key
            and kit_components.component_sku_code = captured.sku_code

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
