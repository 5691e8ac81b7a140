-- One row per credit note line.
with

source as (

    select *
    from {{ source('raw', 'credit_notes') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.credited_on,
        source.qty,
        source.value_amount,
        source.tax_amount,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.credit_note_no') }} as credit_note_no,
        {{ blank_to_null('source.party_code') }} as party_code,
        {{ blank_to_null('source.line_no') }} as line_no,
        {{ blank_to_null('source.invoice_no') }} as invoice_no,
        {{ blank_to_null('source.invoice_line_no') }} as invoice_line_no,
        {{ blank_to_null('source.debit_note_no') }} as debit_note_no,
        {{ blank_to_null('source.rtv_no') }} as rtv_no,
        {{ blank_to_null('source.sku_code') }} as sku_code,
        {{ blank_to_null('source.ims_status') }} as ims_status,
        {{ minor_units('source.value_amount') }} as value_amount_minor,
        {{ minor_units('source.tax_amount') }} as tax_amount_minor
    from source

),

final as (

    select
        tenant_code,
        credit_note_no,
        credited_on,
        party_code,
        line_no,
        invoice_no,
        invoice_line_no,
        debit_note_no,
        rtv_no,
        sku_code,
        qty,
        value_amount,
        tax_amount,
        ims_status,
        value_amount_minor,
        tax_amount_minor,
        _file_id,
        _row_no
    from cleaned

)

select * from final
