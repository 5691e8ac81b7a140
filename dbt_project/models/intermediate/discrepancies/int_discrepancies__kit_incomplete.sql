-- Kits received without all of their components (rulings 45, 50). One row per RTV line.
with

placed as (

    select * from {{ ref('int_condition_units__placed') }}
    where condition_verdict = 'kit_incomplete'

),

found as (

    select
        {{ condition_columns('kit_incomplete') }},
        {{ counted('sum(qty)', 'kit') }} || ' came back with components missing.' as liability_reason,
        {{ confidence('bool_or(is_match_inferred)', 'bool_and(is_filmed)') }} as confidence
    from placed
    group by {{ condition_grain() }}

),

final as (

    select
        {{ discrepancy_columns('kit_incomplete', 'rtv_line', ['carried', 'liable', 'window', 'also_met']) }}
    from found

)

select * from final
