-- Shorts and surpluses of one RTV that could be a wrong item in place of the right one, best pair first
-- (ruling 43). One row per short line, surplus line and carton, where both sides name cartons.
with

net as (

    select * from {{ ref('int_rtv_lines__unexplained') }}

),

cartons as (

    select * from {{ ref('int_rtv_cartons__compared') }}

),

scoped as (

    select
        net.*,
        coalesce(cartons.carton_no, '') as carton_no,
        case
            when cartons.rtv_key is null then net.short_qty
            else least(net.short_qty, greatest(cartons.declared_qty - cartons.captured_qty, 0))
        end as short_scope_qty,
        case
            when cartons.rtv_key is null then net.surplus_qty
            else least(net.surplus_qty, greatest(cartons.captured_qty - cartons.declared_qty, 0))
        end as surplus_scope_qty
    from net
    left join cartons
        on
            net.rtv_key = cartons.rtv_key
            and net.sku_code = cartons.sku_code

),

final as (

    select
        shorts.rtv_key as group_key,
        shorts.line_key as short_line_key,
        surpluses.line_key as surplus_line_key,
        surpluses.sku_code as surplus_sku_code,
        shorts.short_qty as short_limit,
        surpluses.surplus_qty as surplus_limit,
        shorts.short_scope_qty as short_scope_limit,
        surpluses.surplus_scope_qty as surplus_scope_limit,
        row_number() over (
            partition by shorts.rtv_key
            order by
                coalesce(shorts.brand_code = surpluses.brand_code, false) desc,
                coalesce(shorts.category = surpluses.category, false) desc,
                abs(shorts.mrp_minor - surpluses.mrp_minor),
                shorts.sku_code,
                surpluses.sku_code asc,
                shorts.batch_no asc,
                surpluses.batch_no asc,
                shorts.carton_no asc
        ) as pair_no,
        's' || shorts.line_key as short_key,
        'x' || surpluses.line_key as surplus_key,
        'sc' || shorts.line_key || shorts.carton_no as short_scope_key,
        'xc' || surpluses.line_key || surpluses.carton_no as surplus_scope_key
    from scoped as shorts
    inner join scoped as surpluses
        on
            shorts.rtv_key = surpluses.rtv_key
            and shorts.carton_no = surpluses.carton_no
            and shorts.sku_code <> surpluses.sku_code
    where
        shorts.short_scope_qty > 0
        and surpluses.surplus_scope_qty > 0

)

select * from final
