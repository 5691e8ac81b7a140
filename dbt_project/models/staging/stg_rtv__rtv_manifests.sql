-- Lines of the highest revision of each RTV. One row per line of the RTV.
{% set zone = "coalesce(zones.timezone, " ~ reporting_timezone() ~ ")" %}
with

source as (

    select *
    from {{ source('raw', 'rtv_manifests') }}
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
        source.declared_cartons,
        source.declared_weight_kg,
        source.qty,
        source.unit_value,
        source.expiry_on,
        source._file_id,
        source._row_no,
        coalesce(source.revision_no, 1) as revision_no,
        {{ blank_to_null('source.platform_code') }} as platform_code,
        {{ blank_to_null('source.rtv_no') }} as rtv_no,
        {{ blank_to_null('source.ownership_model') }} as ownership_model,
        {{ resolved_time('source.created_at', zone) }} as created_at,
        {{ blank_to_null('source.origin_node') }} as origin_node,
        {{ blank_to_null('source.destination_node') }} as destination_node,
        {{ blank_to_null('source.transporter_code') }} as transporter_code,
        {{ blank_to_null('source.awb_no') }} as awb_no,
        {{ blank_to_null('source.line_no') }} as line_no,
        {{ blank_to_null('source.carton_no') }} as carton_no,
        {{ blank_to_null('source.platform_sku') }} as platform_sku,
        {{ blank_to_null('source.gtin') }} as gtin,
        {{ blank_to_null('source.batch_no') }} as batch_no,
        {{ blank_to_null('source.reason_code') }} as reason_code,
        {{ blank_to_null('source.currency_code') }} as currency_code,
        {{ minor_units('source.unit_value') }} as unit_value_minor,
        {{ is_naive('source.created_at') }} as is_naive_time
    from source
    left join zones
        on
            source.tenant_code = zones.tenant_code
            and source.origin_node = zones.node_code

),

ranked as (

    select
        *,
        dense_rank() over (
            partition by tenant_code, platform_code, rtv_no
            order by revision_no desc
        ) as revision_rank,
        first_value(created_at) over (
            partition by tenant_code, platform_code, rtv_no
            order by revision_no asc, created_at asc
        ) as first_created_at
    from cleaned

),

final as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        revision_no,
        ownership_model,
        created_at,
        first_created_at,
        origin_node,
        destination_node,
        transporter_code,
        awb_no,
        declared_cartons,
        declared_weight_kg,
        line_no,
        carton_no,
        platform_sku,
        gtin,
        qty,
        unit_value,
        batch_no,
        expiry_on,
        reason_code,
        currency_code,
        unit_value_minor,
        is_naive_time,
        _file_id,
        _row_no
    from ranked
    where revision_rank = 1

)

select * from final
