-- What came back of each line and has to be allocated to invoices (ruling 58). One row per RTV line with demand.
with

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

final as (

    select
        rtv_line_key,
        rtv_key,
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        accepted_qty + condition_failed_qty as returned_qty,
        short_qty + wrong_item_in_place_qty + pending_qty as notional_qty,
        unit_value_minor,
        first_created_at
    from lines
    where declared_qty > 0

)

select * from final
