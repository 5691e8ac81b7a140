-- One row per film.
{% set zone = "coalesce(zones.timezone, " ~ reporting_timezone() ~ ")" %}
with

source as (

    select *
    from {{ source('raw', 'footage') }}
    where _superseded_at is null

),

zones as (

    select
        cameras.tenant_code,
        cameras.camera_code,
        nodes.timezone
    from {{ ref('stg_rtv__cameras') }} as cameras
    inner join {{ ref('stg_rtv__nodes') }} as nodes
        on
            cameras.tenant_code = nodes.tenant_code
            and cameras.node_code = nodes.node_code

),

cleaned as (

    select
        source.tenant_code,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.camera_code') }} as camera_code,
        {{ resolved_time('source.started_at', zone) }} as started_at,
        {{ resolved_time('source.ended_at', zone) }} as ended_at,
        {{ blank_to_null('source.uri') }} as uri,
        {{ blank_to_null('source.sha256') }} as sha256,
        {{ is_naive('source.started_at') }} or {{ is_naive('source.ended_at') }} as is_naive_time
    from source
    left join zones
        on
            source.tenant_code = zones.tenant_code
            and source.camera_code = zones.camera_code

),

final as (

    select
        tenant_code,
        camera_code,
        started_at,
        ended_at,
        uri,
        sha256,
        is_naive_time,
        _file_id,
        _row_no
    from cleaned

)

select * from final
