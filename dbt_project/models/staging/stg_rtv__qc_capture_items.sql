-- One row per item of a capture.
{% set zone = "coalesce(zones.timezone, " ~ reporting_timezone() ~ ")" %}
with

source as (

    select
        nested.*,
        parents.node_code
    from {{ source('raw', 'qc_capture_items') }} as nested
    inner join {{ source('raw', 'qc_captures') }} as parents
        on
            nested._file_id = parents._file_id
            and nested._row_no = parents._row_no
            and parents._superseded_at is null

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
        source.capture_id,
        source.item_no,
        source.qty,
        source.expiry_on,
        source.mrp,
        source._file_id,
        source._row_no,
        source._position,
        {{ blank_to_null('source.scanned_code') }} as scanned_code,
        {{ blank_to_null('source.sku_code') }} as sku_code,
        {{ blank_to_null('source.grade') }} as grade,
        {{ blank_to_null('source.defects') }} as defects,
        {{ blank_to_null('source.damage_cause') }} as damage_cause,
        {{ blank_to_null('source.batch_no') }} as batch_no,
        {{ blank_to_null('source.seal_state') }} as seal_state,
        {{ resolved_time('source.seen_at', zone) }} as seen_at,
        {{ minor_units('source.mrp') }} as mrp_minor,
        {{ is_naive('source.seen_at') }} as is_naive_time
    from source
    left join zones
        on
            source.tenant_code = zones.tenant_code
            and source.node_code = zones.node_code

),

final as (

    select
        tenant_code,
        capture_id,
        item_no,
        scanned_code,
        sku_code,
        qty,
        grade,
        defects,
        damage_cause,
        batch_no,
        expiry_on,
        mrp,
        seal_state,
        seen_at,
        mrp_minor,
        is_naive_time,
        _file_id,
        _row_no,
        _position
    from cleaned

)

select * from final
