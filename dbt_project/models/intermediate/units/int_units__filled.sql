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

units_left_1 as (

    select
        *,
        qty as left_qty
    from all_units
    where sku_code is not null

),

lines_left_1 as (

    select
        line_key,
        rtv_key as rtv_scope,
        rtv_key as home_scope,
        sku_code,
        batch_no,
        declared_qty as left_qty,
        row_number() over (order by first_created_at, rtv_no, platform_code, batch_no, line_key) as line_order
    from declared_lines
    where not is_duplicate

),

-- What a line declares on each of its consignments, laid one after the other on what is left of it.
consignment_lines as (

    select
        line_key,
        consignment_key as consignment_scope,
        declared_qty as scope_qty,
        sum(declared_qty) over (partition by line_key order by consignment_key)
        - declared_qty as scope_qty_before
    from line_consignments

),

{{ filling_pass(1, 'rtv', 'same') }},

{{ filling_pass(2, 'consignment', 'same') }},

{{ filling_pass(3, 'rtv', 'blank') }},

{{ filling_pass(4, 'consignment', 'blank') }},

{{ filling_pass(5, 'rtv', 'any') }},

{{ filling_pass(6, 'consignment', 'any') }},

{{ filling_pass(7, 'home', 'any') }},

final as (

    {% for number in range(1, 8) -%}
        select * from filled_{{ number }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}

)

select * from final
