-- One row per capture.
{% set zone = "coalesce(zones.timezone, " ~ reporting_timezone() ~ ")" %}
with

source as (

    select *
    from {{ source('raw', 'qc_captures') }}
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
        source.is_last_carton,
        source.video_duration_seconds,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.capture_id') }} as capture_id,
        {{ blank_to_null('source.node_code') }} as node_code,
        {{ blank_to_null('source.bay_code') }} as bay_code,
        {{ blank_to_null('source.station_code') }} as station_code,
        {{ blank_to_null('source.operator_code') }} as operator_code,
        {{ blank_to_null('source.awb_no') }} as awb_no,
        {{ blank_to_null('source.rtv_no') }} as rtv_no,
        {{ blank_to_null('source.carton_no') }} as carton_no,
        {{ resolved_time('source.started_at', zone) }} as started_at,
        {{ resolved_time('source.ended_at', zone) }} as ended_at,
        {{ blank_to_null('source.video_uri') }} as video_uri,
        {{ blank_to_null('source.video_sha256') }} as video_sha256,
        {{ resolved_time('source.video_started_at', zone) }} as video_started_at,
        (
            {{ is_naive('source.started_at') }}
            or {{ is_naive('source.ended_at') }}
            or {{ is_naive('source.video_started_at') }}
        ) as is_naive_time
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
        node_code,
        bay_code,
        station_code,
        operator_code,
        awb_no,
        rtv_no,
        carton_no,
        started_at,
        ended_at,
        is_last_carton,
        video_uri,
        video_sha256,
        video_started_at,
        video_duration_seconds,
        is_naive_time,
        _file_id,
        _row_no
    from cleaned

)

select * from final
