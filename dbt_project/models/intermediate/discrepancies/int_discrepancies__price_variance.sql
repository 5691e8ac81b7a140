-- Units debited above the price of the invoices they are allocated to (ruling 57). One row per debit line.
with

debits as (

    select * from {{ ref('int_debit_lines__priced') }}
    where
        variance_qty > 0
        and not is_disputed_whole

),

papered as (

    select * from {{ ref('int_debit_lines__papered') }}

),

found as (

    select
        debits.tenant_code,
        debits.platform_code,
        debits.rtv_no,
        debits.sku_code,
        debits.debit_note_no,
        debits.debit_line_no,
        debits.qty - debits.variance_qty as expected_qty,
        debits.qty as observed_qty,
        'platform' as liable_role,
        debits.platform_code as liable_party_code,
        null as runner_up_role,
        true as is_final,
        {{ start_of_day('debits.debited_on', reporting_timezone()) }} as first_seen_at,
        'The debit values ' || debits.variance_qty || ' of ' || {{ counted('debits.qty', 'unit') }} || ' at '
        || {{ minor_text('debits.unit_value_minor') }}
        || ', above the price of their invoices, the lowest of which is '
        || {{ minor_text('debits.lowest_price_minor') }}
        || case when papered.is_declared_lower then '; the manifest itself values them lower.' else '.' end
            as liability_reason,
        {{ confidence('false', 'papered.is_declared_lower or papered.is_invoice_papered') }} as confidence
    from debits
    left join papered
        on debits.debit_line_key = papered.debit_line_key

),

final as (

    select
        {{ discrepancy_columns('price_variance', 'debit_line', ['liable']) }}
    from found

)

select * from final
