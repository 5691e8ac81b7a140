-- Relation fct_evidence of the star schema for BI tools: amounts in currency units, local times.
with

evidence as (

    select * from {{ ref('fct_evidence') }}

),

final as (

    select
        evidence_key,
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
        is_sealed,
        clock_offset_seconds::numeric(18, 3) as clock_offset_seconds,
        {{ local_time('window_start_at') }} as window_start_local_at,
        {{ local_time('window_end_at') }} as window_end_local_at,
        {{ local_time('cut_at') }} as cut_local_at
    from evidence

)

select * from final
