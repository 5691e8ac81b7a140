-- Every captured unit of a known RTV on exactly one line: filled, surplus or foreign (rulings 19, 20). One
-- row per captured item, line and role.
with

units as (

    select * from {{ ref('int_units__listed') }}

),

filled as (

    select * from {{ ref('int_units__filled') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

declared_lines as (

    select * from {{ ref('int_rtv_lines__declared') }}

),

filled_by_unit as (

    select
        unit_key,
        sum(qty) as filled_qty
    from filled
    group by unit_key

),

left_over as (

    select
        units.unit_key,
        units.captured_item_key,
        units.tenant_code,
        rtvs.rtv_key,
        rtvs.platform_code,
        rtvs.rtv_no,
        units.sku_code,
        case when units.sku_code is not null then units.batch_no end as batch_no,
        case when units.sku_code is null then 'foreign' else 'surplus' end as assigned_as,
        units.qty - coalesce(filled_by_unit.filled_qty, 0) as qty
    from units
    inner join rtvs
        on units.home_scope = rtvs.rtv_key
    left join filled_by_unit
        on units.unit_key = filled_by_unit.unit_key
    where units.qty > coalesce(filled_by_unit.filled_qty, 0)

),

fills as (

    select
        units.unit_key,
        units.captured_item_key,
        units.tenant_code,
        declared_lines.line_key,
        declared_lines.rtv_key,
        declared_lines.platform_code,
        declared_lines.rtv_no,
        declared_lines.sku_code,
        declared_lines.batch_no,
        sum(filled.qty)::bigint as qty
    from filled
    inner join units
        on filled.unit_key = units.unit_key
    inner join declared_lines
        on filled.line_key = declared_lines.line_key
    group by
        units.unit_key,
        units.captured_item_key,
        units.tenant_code,
        declared_lines.line_key,
        declared_lines.rtv_key,
        declared_lines.platform_code,
        declared_lines.rtv_no,
        declared_lines.sku_code,
        declared_lines.batch_no

),

final as (

    select
        unit_key,
        captured_item_key,
        line_key,
        rtv_key,
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        'filled' as assigned_as,
        qty
    from fills
    union all
    select
        unit_key,
        captured_item_key,
        {{ surrogate_key(['tenant_code', 'platform_code', 'rtv_no', 'sku_code', 'batch_no']) }} as line_key,
        rtv_key,
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        assigned_as,
        qty::bigint as qty
    from left_over

)

select * from final
