-- One row per transporter and code; of several spellings of a code the one received last.
with

source as (

    select *
    from {{ source('raw', 'tracking_statuses') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.transporter_code') }} as transporter_code,
        {{ code_form('source.raw_code') }} as raw_code_form,
        {{ blank_to_null('source.status') }} as status,
        {{ blank_to_null('source.leg') }} as leg,
        {{ blank_to_null('source.reason') }} as reason,
        {{ blank_to_null('source.responsible') }} as responsible
    from source

),

ranked as (

    select
        *,
        row_number() over (
            partition by tenant_code, transporter_code, raw_code_form
            order by _file_id desc, _row_no desc
        ) as spelling_rank
    from cleaned

),

final as (

    select
        tenant_code,
        transporter_code,
        raw_code_form,
        status,
        leg,
        reason,
        responsible,
        _file_id,
        _row_no
    from ranked
    where spelling_rank = 1

)

select * from final
