-- Clips cut from footage, as they are cut. One row per clip.
with

clips as (

    select * from {{ source('ops', 'clips') }}

),

final as (

    select
        {{ surrogate_key(['tenant_code', 'clip_id']) }} as evidence_key,
        tenant_code,
        clip_id,
        discrepancy_key,
        platform_code,
        rtv_no,
        transporter_code,
        awb_no,
        camera_code,
        capture_id,
        cut_mode,
        clip_status,
        object_key,
        sha256,
        finding,
        size_bytes,
        leaf_index,
        clock_offset_seconds,
        leaf_index is not null as is_sealed,
        window_start_at,
        window_end_at,
        cut_at
    from clips

)

select * from final
