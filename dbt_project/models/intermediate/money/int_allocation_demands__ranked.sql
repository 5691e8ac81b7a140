-- What is to be found on invoices: units that came back, then, to price them, the others (rulings 55, 58).
-- One row per RTV line and kind.
with

rtv_lines as (

    select * from {{ ref('int_rtv_lines__demanded') }}

),

debits as (

    select * from {{ ref('int_debit_lines__assigned') }}

),

-- Of several debits the one of most units says what was debited.
debited as (

    select
        rtv_line_key,
        unit_value_minor,
        row_number() over (
            partition by rtv_line_key
            order by sum(assigned_qty) desc, unit_value_minor asc
        ) as weight_rank
    from debits
    group by rtv_line_key, unit_value_minor

),

stacked as (

    select
        *,
        'returned' as demand_kind,
        1 as kind_order,
        returned_qty as demand_qty
    from rtv_lines
    union all
    select
        *,
        'notional' as demand_kind,
        2 as kind_order,
        missing_qty as demand_qty
    from rtv_lines

),

final as (

    select
        {{ surrogate_key(['stacked.rtv_line_key', 'stacked.demand_kind']) }} as demand_key,
        stacked.rtv_line_key,
        stacked.rtv_key,
        stacked.tenant_code,
        stacked.platform_code,
        stacked.sku_code,
        stacked.batch_no,
        stacked.currency_code,
        stacked.demand_kind,
        row_number() over (
            partition by stacked.tenant_code, stacked.platform_code, stacked.sku_code
            order by stacked.kind_order, stacked.first_created_at, stacked.rtv_no, stacked.batch_no nulls last
        ) as demand_no,
        stacked.demand_qty,
        coalesce(debited.unit_value_minor, stacked.declared_unit_minor) as reference_price_minor,
        debited.unit_value_minor is not null as is_debited,
        stacked.created_on
    from stacked
    left join debited
        on
            stacked.rtv_line_key = debited.rtv_line_key
            and debited.weight_rank = 1
    where stacked.demand_qty > 0

)

select * from final
