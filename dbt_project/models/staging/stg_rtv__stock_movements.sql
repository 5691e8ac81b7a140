-- One row per file and position: equal rows can both be real.
{% set zone = "coalesce(zones.timezone, " ~ reporting_timezone() ~ ")" %}
with

source as (

    select *
    from {{ source('raw', 'stock_movements') }}
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
        source.qty,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.source_code') }} as source_code,
        {{ resolved_time('source.moved_at', zone) }} as moved_at,
        {{ blank_to_null('source.node_code') }} as node_code,
        {{ blank_to_null('source.sku_code') }} as sku_code,
        {{ blank_to_null('source.platform_sku') }} as platform_sku,
        {{ blank_to_null('source.batch_no') }} as batch_no,
        {{ blank_to_null('source.movement_kind') }} as movement_kind,
        {{ blank_to_null('source.disposition') }} as disposition,
        {{ blank_to_null('source.reference_no') }} as reference_no,
        {{ is_naive('source.moved_at') }} as is_naive_time
    from source
    left join zones
        on
            source.tenant_code = zones.tenant_code
            and source.node_code = zones.node_code

),

final as (

    select
        tenant_code,
        source_code,
        moved_at,
        node_code,
        sku_code,
        platform_sku,
        batch_no,
        qty,
        movement_kind,
        disposition,
        reference_no,
        is_naive_time,
        _file_id,
        _row_no
    from cleaned

)

select * from final
