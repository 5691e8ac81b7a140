-- The physical units each discrepancy stands for, to be priced; rules without a value have none (rulings
-- 26, 54). One row per discrepancy, RTV line and grade.
with

of_consignments as (

    select * from {{ ref('int_discrepancy_units__carried') }}

),

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

condition_units as (

    select
        *,
        damage_liable_role as liable_role
    from {{ ref('int_condition_units__placed') }}

),

of_debits as (

    select * from {{ ref('int_discrepancy_units__debited') }}

),

of_lines as (

    {% for rule, quantity in [('unit_short', 'unit_short_qty'), ('wrong_sku', 'wrong_item_in_place_qty')] -%}
        select
            tenant_code,
            {{ discrepancy_key("'" ~ rule ~ "'", 'rtv_line') }} as discrepancy_key,
            platform_code,
            rtv_no,
            sku_code,
            batch_no,
            {{ typed('text') }} as grade,
            {{ quantity }} as valued_qty
        from lines
        where {{ quantity }} > 0
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}

),

keyed as (

    select
        *,
        case
            when condition_verdict = 'damaged'
                then {{ discrepancy_key('condition_verdict', 'rtv_line_role') }}
            else {{ discrepancy_key('condition_verdict', 'rtv_line') }}
        end as discrepancy_key
    from condition_units

),

of_conditions as (

    select
        tenant_code,
        discrepancy_key,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        grade,
        {{ typed('count', 'sum(qty)') }} as valued_qty
    from keyed
    group by tenant_code, discrepancy_key, platform_code, rtv_no, sku_code, batch_no, grade

),

final as (

    {% for relation in ['of_consignments', 'of_lines', 'of_conditions', 'of_debits'] -%}
        select
            tenant_code,
            discrepancy_key,
            platform_code,
            rtv_no,
            sku_code,
            batch_no,
            grade,
            valued_qty
        from {{ relation }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}

)

select * from final
