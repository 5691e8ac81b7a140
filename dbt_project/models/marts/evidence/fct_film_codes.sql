-- What was scanned held against what its film shows: agreed, scanned but never seen, seen but never scanned.
-- One row per scanned item of a judged film, and one per code that was seen in it and belongs to none.
with

judgements as (

    select
        *,
        row_number() over (
            partition by tenant_code, capture_id, capture_file_id, capture_row_no
            order by film_fact_id desc
        ) as newest_first
    from {{ source('ops', 'film_facts') }}

),

captures as (

    select * from {{ source('raw', 'qc_captures') }}
    where _superseded_at is null

),

codes as (

    select * from {{ source('ops', 'film_codes') }}

),

final as (

    select
        {{ surrogate_key(['captures.tenant_code', 'captures.capture_id', 'codes.code_no']) }}
            as film_code_key,
        captures.tenant_code,
        captures.capture_id,
        {{ blank_to_null('captures.awb_no') }} as awb_no,
        {{ blank_to_null('captures.rtv_no') }} as rtv_no,
        codes.code_no,
        codes.item_no,
        codes.sku_code,
        codes.code_text,
        codes.sighting,
        codes.frame_count,
        codes.first_seconds,
        codes.last_seconds,
        judgements.judged_at
    from codes
    inner join judgements
        on
            codes.film_fact_id = judgements.film_fact_id
            and judgements.newest_first = 1
    inner join captures
        on
            judgements.tenant_code = captures.tenant_code
            and judgements.capture_id = captures.capture_id
            and judgements.capture_file_id = captures._file_id
            and judgements.capture_row_no = captures._row_no

)

select * from final
