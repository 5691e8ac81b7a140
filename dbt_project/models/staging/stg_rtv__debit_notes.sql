-- One row per debit note line.
with

source as (

    select *
    from {{ source('raw', 'debit_notes') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.debited_on,
        source.qty,
        source.unit_value,
        source.tax_amount,
        source.total_amount,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.platform_code') }} as platform_code,
        {{ blank_to_null('source.debit_note_no') }} as debit_note_no,
        {{ blank_to_null('source.rtv_no') }} as rtv_no,
        {{ blank_to_null('source.line_no') }} as line_no,
        {{ blank_to_null('source.platform_sku') }} as platform_sku,
        {{ blank_to_null('source.currency_code') }} as currency_code,
        {{ minor_units('source.unit_value') }} as unit_value_minor,
        {{ minor_units('source.tax_amount') }} as tax_amount_minor,
        {{ minor_units('source.total_amount') }} as total_amount_minor
    from source

),

final as (

    select
        tenant_code,
        platform_code,
        debit_note_no,
        debited_on,
        rtv_no,
        line_no,
        platform_sku,
        qty,
        unit_value,
        tax_amount,
        total_amount,
        currency_code,
        unit_value_minor,
        tax_amount_minor,
        total_amount_minor,
        _file_id,
        _row_no
    from cleaned

)

select * from final
