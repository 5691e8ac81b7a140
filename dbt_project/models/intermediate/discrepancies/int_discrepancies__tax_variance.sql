-- Debited tax that differs from what the original invoices' rates give (ruling 57). One row per debit line.
with

debits as (

    select * from {{ ref('int_debit_lines__priced') }}

),

thresholds as (

    select * from {{ ref('thresholds') }}

),

found as (

    select
        debits.tenant_code,
        debits.platform_code,
        debits.rtv_no,
        debits.sku_code,
        debits.debit_note_no,
        debits.debit_line_no,
        0::bigint as expected_qty,
        debits.qty as observed_qty,
        'platform' as liable_role,
        debits.platform_code as liable_party_code,
        'medium' as confidence,
        null::text as runner_up_role,
        true as is_final,
        debits.debited_on::timestamptz as first_seen_at,
        'A tax of ' || {{ minor_text('debits.tax_amount_minor') }}
        || ' is debited; the rates of the original invoices give '
        || {{ minor_text('debits.expected_tax_minor') }}
        || '.' as liability_reason
    from debits
    inner join thresholds
        on thresholds.threshold_code = 'tax_variance_tolerance_minor'
    where
        abs(debits.tax_amount_minor - debits.expected_tax_minor) > thresholds.threshold_value
        and not debits.is_disputed_whole

),

final as (

    select
        {{ discrepancy_columns('tax_variance', ['platform_code', 'debit_note_no', 'debit_line_no'],
            ['platform_code', 'rtv_no', 'sku_code', 'debit_note_no', 'debit_line_no', 'expected_qty', 'observed_qty',
            'liable_role', 'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role', 'is_final',
            'first_seen_at']) }}
    from found

)

select * from final
