-- What the film of a capture proves, read from its picture. One row per current capture.
with

captures as (

    select * from {{ source('raw', 'qc_captures') }}
    where _superseded_at is null

),

judgements as (

    select
        *,
        row_number() over (
            partition by tenant_code, capture_id, capture_file_id, capture_row_no
            order by film_fact_id desc
        ) as newest_first
    from {{ source('ops', 'film_facts') }}

),

final as (

    select
        {{ surrogate_key(['captures.tenant_code', 'captures.capture_id']) }} as film_key,
        captures.tenant_code,
        captures.capture_id,
        {{ blank_to_null('captures.awb_no') }} as awb_no,
        {{ blank_to_null('captures.rtv_no') }} as rtv_no,
        {{ blank_to_null('captures.video_sha256') }} as sha256,
        case
            when judgements.film_status is not null then judgements.film_status
            when {{ blank_to_null('captures.video_sha256') }} is null then 'not_filmed'
            else 'waiting'
        end as film_status,
        coalesce(judgements.label_legible, 'not_decided') as label_legible,
        coalesce(judgements.label_legible_reason, {{ why_not_judged('captures') }}) as label_legible_reason,
        coalesce(judgements.one_take, 'not_decided') as one_take,
        coalesce(judgements.one_take_reason, {{ why_not_judged('captures') }}) as one_take_reason,
        coalesce(judgements.sealed_until_opened, 'not_decided') as sealed_until_opened,
        coalesce(judgements.sealed_until_opened_reason, {{ why_not_judged('captures') }})
            as sealed_until_opened_reason,
        judgements.judge_method,
        judgements.frame_count,
        judgements.film_seconds,
        judgements.judge_cpu_seconds,
        judgements.judged_at
    from captures
    left join judgements
        on
            captures.tenant_code = judgements.tenant_code
            and captures.capture_id = judgements.capture_id
            and captures._file_id = judgements.capture_file_id
            and captures._row_no = judgements.capture_row_no
            and judgements.newest_first = 1

)

select * from final
