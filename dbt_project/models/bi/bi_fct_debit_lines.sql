-- Relation fct_debit_lines of the star schema for BI tools: amounts in currency units, local times.
with

debit_lines as (

    select * from {{ ref('fct_debit_lines') }}

),

final as (

    select
        debit_line_key,
        tenant_code,
        platform_code,
        debit_note_no,
        debit_line_no,
        rtv_no,
        sku_code,
        platform_sku,
        currency_code,
        debited_qty,
        is_rtv_known,
        debited_on,
        period_on,
        is_adjustment,
        {{ major_units('unit_value_minor') }} as unit_value_amount,
        {{ major_units('tax_minor') }} as tax_amount,
        {{ major_units('debited_minor') }} as debited_amount,
        {{ major_units('accepted_minor') }} as accepted_amount,
        {{ major_units('disputed_minor') }} as disputed_amount,
        {{ major_units('written_off_minor') }} as written_off_amount,
        {{ major_units('open_minor') }} as open_amount,
        {{ major_units('won_minor') }} as won_amount,
        {{ major_units('lost_minor') }} as lost_amount,
        {{ major_units('clawed_back_minor') }} as clawed_back_amount
    from debit_lines

)

select * from final
