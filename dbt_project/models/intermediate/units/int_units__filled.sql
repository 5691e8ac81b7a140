-- Captured units dealt to declared lines in the passes of ruling 19. One row per captured item, line and
-- pass.
with

all_units as (

    select * from {{ ref('int_units__listed') }}

),

declared_lines as (

    select * from {{ ref('int_rtv_lines__declared') }}

),

line_consignments as (

    select * from {{ ref('int_rtv_line_consignments__declared') }}

),

units as (

    select * from all_units
    where sku_code is not null

),

lines as (

    select
        line_key,
        rtv_key as rtv_scope,
        rtv_key as home_scope,
        sku_code,
        batch_no,
        declared_qty as qty,
        row_number() over (order by first_created_at, rtv_no, platform_code, batch_no, line_key) as line_order
    from declared_lines
    where not is_duplicate

),

consignment_lines as (

    select
        lines.line_key,
        line_consignments.consignment_key as consignment_scope,
        lines.sku_code,
        lines.batch_no,
        lines.qty,
        lines.line_order,
        line_consignments.declared_qty as scope_qty,
        sum(line_consignments.declared_qty)
            over (partition by lines.line_key order by line_consignments.consignment_key)
        - line_consignments.declared_qty as scope_qty_before
    from lines
    inner join line_consignments
        on lines.line_key = line_consignments.line_key

),

filled_0 as (

    select
        null::text as unit_key,
        null::text as line_key,
        null::integer as pass_no,
        null::bigint as qty
    where false

),

{{ filling_pass(1, 'rtv', 'same') }},

{{ filling_pass(2, 'consignment', 'same') }},

{{ filling_pass(3, 'rtv', 'blank') }},

{{ filling_pass(4, 'consignment', 'blank') }},

{{ filling_pass(5, 'rtv', 'any') }},

{{ filling_pass(6, 'consignment', 'any') }},

{{ filling_pass(7, 'home', 'any') }},

final as (

    select
        unit_key,
        line_key,
        pass_no,
        qty
    from filled_7

)

select * from final
