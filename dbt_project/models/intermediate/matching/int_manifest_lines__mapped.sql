-- Manifest lines with the SKU of the listing in force, else of the GTIN (ruling 5). One row per line of an
-- RTV. A source that cannot know a unit's value (a removal report) gets the newest dispatch price.
with

manifests as (

    select * from {{ ref('stg_rtv__rtv_manifests') }}

),

listings as (

    select * from {{ ref('stg_rtv__listings') }}

),

skus as (

    select * from {{ ref('stg_rtv__skus') }}

),

nodes as (

    select * from {{ ref('stg_rtv__nodes') }}

),

events as (

    select * from {{ ref('stg_rtv__transporter_events') }}

),

dispatches as (

    select * from {{ ref('stg_rtv__dispatches') }}

),

dated as (

    select
        manifests.*,
        {{ local_date(
            'manifests.first_created_at', 'coalesce(nodes.timezone, ' ~ reporting_timezone() ~ ')'
        ) }} as created_on
    from manifests
    left join nodes
        on
            manifests.tenant_code = nodes.tenant_code
            and manifests.origin_node = nodes.node_code

),

listed as (

    select
        dated.tenant_code,
        dated.platform_code,
        dated.rtv_no,
        dated.line_no,
        listings.sku_code,
        row_number() over (
            partition by dated.tenant_code, dated.platform_code, dated.rtv_no, dated.line_no
            order by coalesce(listings.effective_from, date '0001-01-01') desc
        ) as listing_rank
    from dated
    inner join listings
        on
            dated.tenant_code = listings.tenant_code
            and dated.platform_code = listings.platform_code
            and dated.platform_sku = listings.platform_sku
            and coalesce(listings.effective_from, date '0001-01-01') <= dated.created_on

),

skus_by_gtin as (

    select
        tenant_code,
        {{ gtin_14('gtin') }} as gtin_14,
        min(sku_code) as sku_code
    from skus
    group by tenant_code, {{ gtin_14('gtin') }}

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

mapped as (

    select
        dated.*,
        coalesce(listed.sku_code, skus_by_gtin.sku_code) as sku_code,
        case
            when
                dated.awb_no is not null
                then coalesce(dated.transporter_code, sole_transporters.transporter_code)
            else dated.transporter_code
        end as known_transporter_code
    from dated
    left join listed
        on
            dated.tenant_code = listed.tenant_code
            and dated.platform_code = listed.platform_code
            and dated.rtv_no = listed.rtv_no
            and dated.line_no = listed.line_no
            and listed.listing_rank = 1
    left join skus_by_gtin
        on
            dated.tenant_code = skus_by_gtin.tenant_code
            and {{ gtin_14('dated.gtin') }} = skus_by_gtin.gtin_14
    left join sole_transporters
        on
            dated.tenant_code = sole_transporters.tenant_code
            and dated.awb_no = sole_transporters.awb_no

),

newest_prices as (

    select
        mapped.tenant_code,
        mapped.platform_code,
        mapped.rtv_no,
        mapped.line_no,
        dispatches.unit_price_minor,
        row_number() over (
            partition by mapped.tenant_code, mapped.platform_code, mapped.rtv_no, mapped.line_no
            order by dispatches.invoice_on desc, dispatches.invoice_no desc, dispatches.invoice_line_no desc
        ) as price_rank
    from mapped
    inner join dispatches
        on
            mapped.tenant_code = dispatches.tenant_code
            and mapped.platform_code = dispatches.platform_code
            and mapped.sku_code = dispatches.sku_code
            and mapped.created_on >= dispatches.invoice_on
    where mapped.unit_value_minor is null

),

valued as (

    select
        mapped.*,
        coalesce(mapped.unit_value_minor, newest_prices.unit_price_minor) as known_unit_value_minor
    from mapped
    left join newest_prices
        on
            mapped.tenant_code = newest_prices.tenant_code
            and mapped.platform_code = newest_prices.platform_code
            and mapped.rtv_no = newest_prices.rtv_no
            and mapped.line_no = newest_prices.line_no
            and newest_prices.price_rank = 1

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
    from valued
    where sku_code is not null

)

select * from final
