-- Units graded damaged or leaking, in transit or in storage (ruling 46). One row per RTV line and liable
-- role.
with

placed as (

    select * from {{ ref('int_condition_units__placed') }}
    where condition_verdict = 'damaged'

),

found as (

    select
        {{ condition_columns('damaged', by_role=true) }},
        case when damage_liable_role = 'transporter' then min(transporter_code) else platform_code end
            as liable_party_code,
        {{ counted('sum(qty)', 'unit') }} || case
            when damage_liable_role = 'transporter' and bool_or(is_pod_remarked)
                then ' came damaged, and the proof of delivery carries a remark.'
            when damage_liable_role = 'transporter' then ' came damaged, and so did the carton.'
            else ' came damaged inside a carton that no remark speaks of.'
        end as liability_reason,
        {{ confidence('bool_or(is_match_inferred)', 'bool_and(is_filmed)') }} as confidence,
        -- A remark and a broken carton exclude the storage; a cause seen in the storage excludes the way.
        case
            when
                damage_liable_role = 'transporter'
                and not coalesce(bool_and(is_pod_remarked and damage_cause = 'carton'), false)
                then 'platform'
            when damage_liable_role = 'platform' and not coalesce(bool_and(damage_cause = 'storage'), false)
                then 'transporter'
        end as runner_up_role
    from placed
    group by {{ condition_grain() }}, damage_liable_role

),

final as (

    select
        {{ discrepancy_columns(
            'damaged', 'rtv_line_role', ['carried', 'liable', 'window', 'also_met']
        ) }}
    from found

)

select * from final
