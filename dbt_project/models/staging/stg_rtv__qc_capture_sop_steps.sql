-- One row per step of a procedure that the app showed in a capture.
{% set zone = "coalesce(zones.timezone, " ~ reporting_timezone() ~ ")" %}
with

source as (

    select
        nested.*,
        parents.node_code
    from {{ source('raw', 'qc_capture_sop_steps') }} as nested
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
        source._file_id,
        source._row_no,
        source._position,
        source.sop_version,
        source.step_no,
        source.item_no,
        {{ blank_to_null('source.sop_code') }} as sop_code,
        {{ resolved_time('source.shown_at', zone) }} as shown_at,
        {{ is_naive('source.shown_at') }} as is_naive_time
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
        sop_code,
        sop_version,
        step_no,
        item_no,
        shown_at,
        is_naive_time,
        _file_id,
        _row_no,
        _position
    from cleaned

)

select * from final
