-- One row per invoice line.
{% set zone = "coalesce(zones.timezone, " ~ reporting_timezone() ~ ")" %}
with

source as (

    select *
    from {{ source('raw', 'dispatches') }}
    where _superseded_at is null

),

zones as (

    select
        tenant_code,
        node_code,
        timezone
    from {{ ref('stg_rtv__nodes') }}

),

cleaned as (

    select
        source.tenant_code,
        source.invoice_on,
        source.expiry_on,
        source.qty,
        source.unit_price,
        source.gst_rate,
        source.mrp,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.invoice_no') }} as invoice_no,
        {{ blank_to_null('source.invoice_line_no') }} as invoice_line_no,
        {{ blank_to_null('source.po_no') }} as po_no,
        {{ blank_to_null('source.platform_code') }} as platform_code,
        {{ blank_to_null('source.ship_from_node') }} as ship_from_node,
        {{ blank_to_null('source.ship_to_node') }} as ship_to_node,
        {{ resolved_time('source.dispatched_at', zone) }} as dispatched_at,
        {{ blank_to_null('source.sku_code') }} as sku_code,
        {{ blank_to_null('source.batch_no') }} as batch_no,
        {{ blank_to_null('source.currency_code') }} as currency_code,
        {{ minor_units('source.unit_price') }} as unit_price_minor,
        {{ minor_units('source.mrp') }} as mrp_minor,
        {{ is_naive('source.dispatched_at') }} as is_naive_time
    from source
    left join zones
        on
            source.tenant_code = zones.tenant_code
            and source.ship_from_node = zones.node_code

),

final as (

    select
        tenant_code,
        invoice_no,
        invoice_line_no,
        invoice_on,
        po_no,
        platform_code,
        ship_from_node,
        ship_to_node,
        dispatched_at,
        sku_code,
        batch_no,
        expiry_on,
        qty,
        unit_price,
        gst_rate,
        mrp,
        currency_code,
        unit_price_minor,
        mrp_minor,
        is_naive_time,
        _file_id,
        _row_no
    from cleaned

)

select * from final
