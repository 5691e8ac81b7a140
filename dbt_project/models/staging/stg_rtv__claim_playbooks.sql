-- One row per playbook row.
with

source as (

    select *
    from {{ source('raw', 'claim_playbooks') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.earliest_days,
        source.latest_days,
        source.reply_days,
        source.appeal_days,
        source.rate_pct,
        source.tax_included,
        source.effective_from,
        source.effective_to,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.party_code') }} as party_code,
        {{ blank_to_null('source.claim_reason') }} as claim_reason,
        {{ blank_to_null('source.clock_start_event') }} as clock_start_event,
        {{ blank_to_null('source.day_kind') }} as day_kind,
        {{ blank_to_null('source.proof_required') }} as proof_required,
        {{ blank_to_null('source.basis') }} as basis,
        {{ blank_to_null('source.grade') }} as grade,
        {{ blank_to_null('source.source') }} as source,
        {{ blank_to_null('source.contract_ref') }} as contract_ref,
        {{ blank_to_null('source.currency_code') }} as currency_code
    from source

),

final as (

    select
        tenant_code,
        party_code,
        claim_reason,
        clock_start_event,
        earliest_days,
        latest_days,
        day_kind,
        reply_days,
        appeal_days,
        proof_required,
        basis,
        rate_pct,
        grade,
        tax_included,
        effective_from,
        effective_to,
        source,
        contract_ref,
        currency_code,
        _file_id,
        _row_no
    from cleaned

)

select * from final
