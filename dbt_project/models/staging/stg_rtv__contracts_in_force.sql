-- One row per contract period.
with

source as (

    select *
    from {{ source('raw', 'contracts_in_force') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.effective_from,
        source.effective_to,
        source.return_period_days,
        source.cap_pct,
        source.min_shelf_life_pct,
        source.lost_after_days,
        source.pickup_due_days,
        source.manifest_grace_days,
        source.weight_tolerance_pct,
        source.delivery_due_days,
        source.qc_due_hours,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.platform_code') }} as platform_code,
        {{ blank_to_null('source.allowed_reasons') }} as allowed_reasons,
        {{ blank_to_null('source.contract_ref') }} as contract_ref
    from source

),

final as (

    select
        tenant_code,
        platform_code,
        effective_from,
        effective_to,
        allowed_reasons,
        return_period_days,
        cap_pct,
        min_shelf_life_pct,
        lost_after_days,
        pickup_due_days,
        manifest_grace_days,
        weight_tolerance_pct,
        delivery_due_days,
        qc_due_hours,
        contract_ref,
        _file_id,
        _row_no
    from cleaned

)

select * from final
