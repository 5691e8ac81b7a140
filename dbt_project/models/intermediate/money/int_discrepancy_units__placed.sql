-- Units of a discrepancy on the price tape of their RTV line: failed units first among those that came back,
-- missing ones in the order of the rules (rulings 19, 55). One row per discrepancy, RTV line and grade.
with

units as (

    select * from {{ ref('int_discrepancy_units__explained') }}

),

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

rules as (

    select * from {{ ref('discrepancy_rules') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__demanded') }}

),

joined as (

    select
        units.*,
        discrepancies.rule_code,
        discrepancies.debit_note_no,
        discrepancies.debit_line_no,
        rules.rule_order,
        rtv_lines.rtv_line_key,
        case
            when rules.condition_order is not null and rules.rule_code <> 'wrong_sku' then 'returned'
            else 'notional'
        end as demand_kind
    from units
    inner join discrepancies
        on units.discrepancy_key = discrepancies.discrepancy_key
    inner join rules
        on discrepancies.rule_code = rules.rule_code
    left join rtv_lines
        on
            units.tenant_code = rtv_lines.tenant_code
            and units.platform_code = rtv_lines.platform_code
            and units.rtv_no = rtv_lines.rtv_no
            and units.sku_code = rtv_lines.sku_code
            and units.batch_no is not distinct from rtv_lines.batch_no
    where units.valued_qty > 0

),

final as (

    select
        {{ surrogate_key(['discrepancy_key', 'platform_code', 'rtv_no', 'sku_code', 'batch_no', 'grade']) }}
            as placed_key,
        discrepancy_key,
        rtv_line_key,
        tenant_code,
        rule_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        grade,
        debit_note_no,
        debit_line_no,
        demand_kind,
        valued_qty,
        sum(valued_qty) over (
            partition by rtv_line_key, demand_kind
            order by rule_order, discrepancy_key, grade nulls last, platform_code, rtv_no, sku_code, batch_no
        )::bigint as ends_at
    from joined

)

select * from final
