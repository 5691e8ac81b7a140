-- Kits made of loose components: as many complete ones as possible, the rest incomplete, up to the missing
-- kits (ruling 50). One row per scope, kit and component.
with

components as (

    select * from {{ ref('int_loose_components__counted') }}

),

completed as (

    select
        *,
        least(
            missing_kits,
            min({{ whole_part('loose_qty', 'component_qty') }}) over (partition by scope_key, kit_sku_code)
        ) as complete_kits
    from components

),

rested as (

    select
        *,
        loose_qty - complete_kits * component_qty as rest_qty
    from completed

),

assembled as (

    select
        *,
        least(
            missing_kits - complete_kits,
            max({{ whole_part('rest_qty + component_qty - 1', 'component_qty') }})
                over (partition by scope_key, kit_sku_code)
        ) as incomplete_kits
    from rested

),

final as (

    select
        tenant_code,
        scope_key,
        kit_sku_code,
        component_sku_code,
        component_qty,
        complete_kits,
        incomplete_kits,
        complete_kits * component_qty + least(rest_qty, incomplete_kits * component_qty) as taken_qty,
        incomplete_kits * component_qty - least(rest_qty, incomplete_kits * component_qty) as missing_qty
    from assembled
    where complete_kits + incomplete_kits > 0

)

select * from final
