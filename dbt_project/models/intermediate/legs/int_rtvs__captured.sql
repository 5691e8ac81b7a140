-- Where and when an RTV was opened, and whether all of it was filmed. One row per RTV with captures.
with

capture_rtvs as (

    select * from {{ ref('int_capture_rtvs__matched') }}

),

captures as (

    select * from {{ ref('stg_rtv__qc_captures') }}

),

final as (

    select
        capture_rtvs.rtv_key,
        min(captures.node_code) as node_code,
        min(captures.bay_code) as bay_code,
        bool_and(captures.video_uri is not null) as is_filmed,
        min(captures.started_at) as window_start_at,
        max(captures.ended_at) as window_end_at
    from capture_rtvs
    inner join captures
        on
            capture_rtvs.tenant_code = captures.tenant_code
            and capture_rtvs.capture_id = captures.capture_id
    group by capture_rtvs.rtv_key

)

select * from final
