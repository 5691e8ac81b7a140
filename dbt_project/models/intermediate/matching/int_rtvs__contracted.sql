-- The thresholds of the contract in force for each RTV, blanks from the seed (ruling 2). One row per RTV.
{% set thresholds = ['pickup_due_days', 'lost_after_days', 'manifest_grace_days', 'weight_tolerance_pct',
    'min_shelf_life_pct', 'cap_pct', 'delivery_due_days', 'qc_due_hours'] %}
with

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

contracts as (

    select * from {{ ref('stg_rtv__contracts_in_force') }}

),

defaults as (

    select * from {{ ref('int_thresholds__pivoted') }}

),

ranked as (

    select
        contracts.*,
        rtvs.rtv_key,
        row_number() over (partition by rtvs.rtv_key order by contracts.effective_from desc) as period_rank
    from rtvs
    inner join contracts
        on
            rtvs.tenant_code = contracts.tenant_code
            and rtvs.platform_code = contracts.platform_code
            and rtvs.created_on between contracts.effective_from
            and coalesce(contracts.effective_to, date '9999-12-31')

),

final as (

    select
        rtvs.rtv_key,
        rtvs.tenant_code,
        rtvs.platform_code,
        rtvs.rtv_no,
        ranked.allowed_reasons,
        ranked.return_period_days,
        {% for threshold in thresholds -%}
            coalesce(ranked.{{ threshold }}, defaults.{{ threshold }}) as {{ threshold }},
        {% endfor -%}
        ranked.contract_ref
    from rtvs
    cross join defaults
    left join ranked
        on
            rtvs.rtv_key = ranked.rtv_key
            and ranked.period_rank = 1

)

select * from final
