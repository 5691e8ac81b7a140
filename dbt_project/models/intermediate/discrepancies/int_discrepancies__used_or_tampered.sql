-- Units used, tampered with, or with an opened or broken seal (ruling 45). One row per RTV line.
with

placed as (

    select * from {{ ref('int_condition_units__placed') }}
    where condition_verdict = 'used_or_tampered'

),

found as (

    select
        {{ condition_columns('used_or_tampered') }},
        {{ counted('sum(qty)', 'unit') }} || ' came used, tampered with, or with an opened or broken seal.'
            as liability_reason,
        {{ confidence('bool_or(is_match_inferred)', 'bool_and(is_filmed)') }} as confidence
    from placed
    group by {{ condition_grain() }}

),

final as (

    select
        {{ discrepancy_columns('used_or_tampered', 'rtv_line', ['carried', 'liable', 'window', 'also_met']) }}
    from found

)

select * from final
