-- Manifest lines with the day on which they were written at their origin, and the SKU of the listing then in
-- force, else of the GTIN (ruling 5). One row per line of an RTV; its SKU is null where neither names one.
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

final as (

    select
        dated.tenant_code,
        dated.platform_code,
        dated.rtv_no,
        dated.line_no,
        dated.batch_no,
        dated.transporter_code,
        dated.awb_no,
        dated.carton_no,
        dated.revision_no,
        dated.ownership_model,
        dated.origin_node,
        dated.destination_node,
        dated.platform_sku,
        dated.reason_code,
        dated.currency_code,
        dated.expiry_on,
        dated.first_created_at,
        dated.qty,
        dated.declared_cartons,
        dated.declared_weight_kg,
        dated.unit_value_minor,
        dated.created_on,
        coalesce(listed.sku_code, skus_by_gtin.sku_code) as sku_code
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

)

select * from final
