-- Steps that the app showed, with the proofs each asks and whether they were there when the carton was
-- closed. Whether a label was held before the film, or sound parts were counted, the warehouse does not see.
-- One row per step shown.
with

steps as (

    select * from {{ ref('stg_rtv__qc_capture_sop_steps') }}

),

procedures as (

    select * from {{ ref('sop_steps') }}

),

proofs as (

    select * from {{ ref('int_capture_proofs__seen') }}

),

conditions as (

    select * from {{ ref('int_captured_items__conditioned') }}

),

asked as (

    select
        {{ surrogate_key(['steps.tenant_code', 'steps.capture_id', 'steps._position']) }} as sop_step_key,
        steps.tenant_code,
        steps.capture_id,
        steps.item_no,
        procedures.sop_code is not null as is_version_known,
        procedures.proof_asked,
        (procedures.step_condition is null or conditions.item_condition_key is not null) as is_due,
        proofs.capture_proof_key is not null as is_there,
        procedures.proof_asked in ('awb_in_film', 'components') as is_beyond_sight
    from steps
    left join procedures
        on
            steps.sop_code = procedures.sop_code
            and steps.sop_version = procedures.sop_version
            and steps.step_no = procedures.step_no
    left join conditions
        on
            steps.tenant_code = conditions.tenant_code
            and steps.capture_id = conditions.capture_id
            and steps.item_no = conditions.item_no
            and procedures.step_condition = conditions.step_condition
    left join proofs
        on
            steps.tenant_code = proofs.tenant_code
            and steps.capture_id = proofs.capture_id
            and procedures.proof_asked = proofs.proof_code
            and (proofs.item_no is null or steps.item_no = proofs.item_no)

),

missed as (

    select
        asked.*,
        asked.is_due and not asked.is_there as is_lacking
    from asked

),

gathered as (

    select
        sop_step_key,
        min(tenant_code) as tenant_code,
        bool_and(is_version_known) as is_version_known,
        bool_and(is_due) as is_due,
        {{ joined_texts('proof_asked', '|') }} as proofs_asked,
        {{ joined_texts('case when is_lacking and not is_beyond_sight then proof_asked end', '|') }}
            as proofs_lacking,
        bool_or(is_lacking and is_beyond_sight) as is_any_unknown
    from missed
    group by sop_step_key

),

final as (

    select
        sop_step_key,
        tenant_code,
        proofs_asked,
        proofs_lacking,
        case
            when not is_version_known then 'unknown'
            when proofs_asked is null then 'none_asked'
            when not is_due then 'not_due'
            when proofs_lacking is not null then 'lacking'
            when is_any_unknown then 'unknown'
            else 'there'
        end as proof_state
    from gathered

)

select * from final
