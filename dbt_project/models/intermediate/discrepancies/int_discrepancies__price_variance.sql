-- Units debited above the price of the invoices they are allocated to (ruling 57). One row per debit line.
with

debits as (

    select * from {{ ref('int_debit_lines__priced') }}

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        debit_note_no,
        debit_line_no,
        qty - variance_qty as expected_qty,
        qty as observed_qty,
        'platform' as liable_role,
        platform_code as liable_party_code,
        'medium' as confidence,
        null::text as runner_up_role,
        true as is_final,
        debited_on::timestamptz as first_seen_at,
        variance_qty || ' of ' || qty || ' units are debited at ' || {{ minor_text('unit_value_minor') }}
        || ', above the price of their invoices, the lowest of which is '
        || {{ minor_text('lowest_price_minor') }}
        || '.' as liability_reason
    from debits
    where
        variance_qty > 0
        and not is_disputed_whole

),

final as (

    select
        {{ discrepancy_columns('price_variance', ['platform_code', 'debit_note_no', 'debit_line_no'],
            ['platform_code', 'rtv_no', 'sku_code', 'debit_note_no', 'debit_line_no', 'expected_qty', 'observed_qty',
            'liable_role', 'liable_party_code', 'liability_reason', 'confidence', 'runner_up_role', 'is_final',
            'first_seen_at']) }}
    from found

)

select * from final
