-- Units whose expiry was on or before the pickup date (ruling 47). One row per RTV line.
with

placed as (

    select * from {{ ref('int_condition_units__placed') }}
    where condition_verdict = 'expired'

),

found as (

    select
        {{ condition_columns('expired') }},
        {{ counted('sum(qty)', 'unit') }} || ' of expiry '
        || {{ joined_texts(typed('text', 'expiry_on'), ', ') }}
        || ' had expired at the pickup on ' || min(picked_up_on) || '.' as liability_reason,
        {{ confidence('bool_or(is_match_inferred)', 'bool_and(is_filmed and is_pickup_recorded)') }}
            as confidence
    from placed
    group by {{ condition_grain() }}

),

final as (

    select
        {{ discrepancy_columns('expired', 'rtv_line', ['carried', 'liable', 'window', 'also_met']) }}
    from found

)

select * from final
