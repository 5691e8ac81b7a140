-- One row per photo of a capture.
{% set zone = "coalesce(zones.timezone, " ~ reporting_timezone() ~ ")" %}
with

source as (

    select
        nested.*,
        parents.node_code
    from {{ source('raw', 'qc_capture_photos') }} as nested
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
        {{ blank_to_null('source.uri') }} as uri,
        {{ blank_to_null('source.sha256') }} as sha256,
        {{ resolved_time('source.taken_at', zone) }} as taken_at,
        {{ blank_to_null('source.kind') }} as kind,
        {{ is_naive('source.taken_at') }} as is_naive_time
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
        uri,
        sha256,
        taken_at,
        kind,
        is_naive_time,
        _file_id,
        _row_no,
        _position
    from cleaned

)

select * from final
