-- Units with less shelf life left at pickup than the contract asks for (ruling 47). One row per RTV line.
with

placed as (

    select * from {{ ref('int_condition_units__placed') }}
    where condition_verdict = 'near_expiry'

),

found as (

    select
        {{ condition_columns('near_expiry') }},
        {{ counted('sum(qty)', 'unit') }} || ' of expiry '
        || {{ joined_texts(typed('text', 'expiry_on'), ', ') }}
        || ' had less shelf life left than the contract asks for when picked up on '
        || min(picked_up_on) || '.' as liability_reason,
        {{ confidence('bool_or(is_match_inferred)', 'bool_and(is_filmed and is_pickup_recorded)') }}
            as confidence
    from placed
    group by {{ condition_grain() }}

),

final as (

    select
        {{ discrepancy_columns('near_expiry', 'rtv_line', ['carried', 'liable', 'window', 'also_met']) }}
    from found

)

select * from final
