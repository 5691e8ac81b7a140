-- Debited tax that differs from what the original invoices' rates give (ruling 57). One row per debit line.
with

debits as (

    select * from {{ ref('int_debit_lines__priced') }}
    where not is_disputed_whole

),

papered as (

    select * from {{ ref('int_debit_lines__papered') }}

),

thresholds as (

    select * from {{ ref('thresholds') }}
    where threshold_code = 'tax_variance_tolerance_minor'

),

found as (

    select
        debits.tenant_code,
        debits.platform_code,
        debits.rtv_no,
        debits.sku_code,
        debits.debit_note_no,
        debits.debit_line_no,
        0 as expected_qty,
        debits.qty as observed_qty,
        'platform' as liable_role,
        debits.platform_code as liable_party_code,
        null as runner_up_role,
        true as is_final,
        {{ start_of_day('debits.debited_on', reporting_timezone()) }} as first_seen_at,
        'A tax of ' || {{ minor_text('debits.tax_amount_minor') }}
        || ' is debited; the rates of the original invoices give '
        || {{ minor_text('debits.expected_tax_minor') }} || '.' as liability_reason,
        {{ confidence('false', 'papered.is_invoice_papered') }} as confidence
    from debits
    cross join thresholds
    left join papered
        on debits.debit_line_key = papered.debit_line_key
    where abs(debits.tax_amount_minor - debits.expected_tax_minor) > thresholds.threshold_value

),

final as (

    select
        {{ discrepancy_columns('tax_variance', 'debit_line', ['liable']) }}
    from found

)

select * from final
