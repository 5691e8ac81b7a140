-- Relation fct_sop_steps of the star schema for BI tools: local times.
with

sop_steps as (

    select * from {{ ref('fct_sop_steps') }}

),

final as (

    select
        sop_step_key,
        tenant_code,
        transporter_code,
        awb_no,
        capture_id,
        item_no,
        node_code,
        bay_code,
        station_code,
        operator_code,
        carton_no,
        sop_code,
        sop_version,
        step_no,
        proofs_asked,
        proofs_lacking,
        proof_state,
        {{ local_time('shown_at') }} as shown_local_at
    from sop_steps

)

select * from final
