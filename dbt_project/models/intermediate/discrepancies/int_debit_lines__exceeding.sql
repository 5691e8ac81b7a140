-- Debit lines above what their RTV declares of the SKU, with what was received of it and where to look
-- (ruling 36). One row per such debit line.
with

exceeded as (

    select * from {{ ref('int_debit_lines__exceeded') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__evidenced') }}

),

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

captured as (

    select * from {{ ref('int_rtvs__captured') }}

),

articles as (

    select distinct
        rtv_key,
        sku_code
    from exceeded

),

received as (

    select
        articles.rtv_key,
        articles.sku_code,
        sum(lines.declared_qty) as declared_qty,
        sum(lines.received_qty) as received_qty,
        bool_and(lines.is_complete) as is_complete
    from articles
    inner join lines
        on
            articles.rtv_key = lines.rtv_key
            and articles.sku_code = lines.sku_code
    group by articles.rtv_key, articles.sku_code

),

final as (

    select
        exceeded.debit_line_key,
        exceeded.tenant_code,
        exceeded.platform_code,
        exceeded.rtv_no,
        exceeded.sku_code,
        exceeded.debit_note_no,
        exceeded.debit_line_no,
        exceeded.debited_on,
        exceeded.qty,
        exceeded.exceeding_qty,
        captured.node_code,
        captured.bay_code,
        captured.window_start_at,
        captured.window_end_at,
        rtvs.is_pickup_overdue,
        coalesce(received.declared_qty, 0) as declared_qty,
        coalesce(received.received_qty, 0) as received_qty,
        -- Our own full count says no more came than the platform declared.
        coalesce(received.is_complete and received.received_qty <= received.declared_qty, false)
            as is_borne_out
    from exceeded
    inner join rtvs
        on exceeded.rtv_key = rtvs.rtv_key
    left join received
        on
            exceeded.rtv_key = received.rtv_key
            and exceeded.sku_code = received.sku_code
    left join captured
        on exceeded.rtv_key = captured.rtv_key

)

select * from final
