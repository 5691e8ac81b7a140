-- Units of a batch that was never dispatched to the platform (ruling 49). One row per RTV line.
with

placed as (

    select * from {{ ref('int_condition_units__placed') }}
    where condition_verdict = 'batch_mismatch'

),

found as (

    select
        {{ condition_columns('batch_mismatch') }},
        {{ counted('sum(qty)', 'unit') }} || ' came with a batch ('
        || {{ joined_texts('scanned_batch_no', ', ') }}
        || ') that was never dispatched to this platform.' as liability_reason,
        {{ confidence('bool_or(is_match_inferred)', 'bool_and(is_filmed)') }} as confidence
    from placed
    group by {{ condition_grain() }}

),

final as (

    select
        {{ discrepancy_columns('batch_mismatch', 'rtv_line', ['carried', 'liable', 'window', 'also_met']) }}
    from found

)

select * from final
