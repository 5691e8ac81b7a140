-- What is written off of debit lines by approval. One row per debit line.
with

source as (

    select * from {{ source('ops', 'write_offs') }}
    where write_off_status = 'approved'

),

final as (

    select
        tenant_code,
        platform_code,
        debit_note_no,
        debit_line_no,
        {{ typed('count', 'sum(amount_minor)') }} as written_off_minor
    from source
    group by tenant_code, platform_code, debit_note_no, debit_line_no

)

select * from final
