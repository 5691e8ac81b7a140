-- Units whose MRP was never right for their batch at the platform (ruling 48). One row per RTV line.
with

placed as (

    select * from {{ ref('int_condition_units__placed') }}
    where condition_verdict = 'mrp_mismatch'

),

found as (

    select
        {{ condition_columns('mrp_mismatch') }},
        {{ counted('sum(qty)', 'unit') }} || ' came with an MRP of '
        || {{ joined_texts(minor_text('mrp_minor'), ', ') }}
        || ' that their batch was never invoiced with.' as liability_reason,
        {{ confidence('bool_or(is_match_inferred)', 'bool_and(is_filmed)') }} as confidence
    from placed
    group by {{ condition_grain() }}

),

final as (

    select
        {{ discrepancy_columns('mrp_mismatch', 'rtv_line', ['carried', 'liable', 'window', 'also_met']) }}
    from found

)

select * from final
