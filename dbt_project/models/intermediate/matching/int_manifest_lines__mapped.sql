-- Manifest lines of known SKUs on their RTV, line and consignment (rulings 3, 5); an AWB that one transporter
-- alone reports is that transporter's. One row per line of an RTV.
with

manifest_lines as (

    select * from {{ ref('int_manifest_lines__identified') }}

),

prices as (

    select * from {{ ref('int_manifest_lines__priced') }}

),

events as (

    select * from {{ ref('stg_rtv__transporter_events') }}

),

sole_transporters as (

    select
        tenant_code,
        awb_no,
        min(transporter_code) as transporter_code
    from events
    group by tenant_code, awb_no
    having count(distinct transporter_code) = 1

),

known as (

    select
        manifest_lines.*,
        coalesce(manifest_lines.unit_value_minor, prices.unit_price_minor) as known_unit_value_minor,
        case
            when
                manifest_lines.awb_no is not null
                then coalesce(manifest_lines.transporter_code, sole_transporters.transporter_code)
            else manifest_lines.transporter_code
        end as known_transporter_code
    from manifest_lines
    left join prices
        on
            manifest_lines.tenant_code = prices.tenant_code
            and manifest_lines.platform_code = prices.platform_code
            and manifest_lines.rtv_no = prices.rtv_no
            and manifest_lines.line_no = prices.line_no
    left join sole_transporters
        on
            manifest_lines.tenant_code = sole_transporters.tenant_code
            and manifest_lines.awb_no = sole_transporters.awb_no
    where manifest_lines.sku_code is not null

),

final as (

    select
        {{ surrogate_key(['tenant_code', 'platform_code', 'rtv_no']) }} as rtv_key,
        {{ surrogate_key(['tenant_code', 'platform_code', 'rtv_no', 'sku_code', 'batch_no']) }} as line_key,
        case
            when awb_no is null then {{ surrogate_key(['tenant_code', "'rtv'", 'platform_code', 'rtv_no']) }}
            else {{ surrogate_key(['tenant_code', 'known_transporter_code', 'awb_no']) }}
        end as consignment_key,
        tenant_code,
        platform_code,
        rtv_no,
        line_no,
        sku_code,
        batch_no,
        known_transporter_code as transporter_code,
        awb_no,
        carton_no,
        revision_no,
        ownership_model,
        origin_node,
        destination_node,
        platform_sku,
        reason_code,
        currency_code,
        expiry_on,
        created_on,
        first_created_at,
        qty,
        declared_cartons,
        declared_weight_kg,
        known_unit_value_minor as unit_value_minor
    from known

)

select * from final
