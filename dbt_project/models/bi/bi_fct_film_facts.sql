-- Relation fct_film_facts of the star schema for BI tools: local times.
with

film_facts as (

    select * from {{ ref('fct_film_facts') }}

),

final as (

    select
        film_key,
        tenant_code,
        capture_id,
        awb_no,
        rtv_no,
        sha256,
        film_status,
        label_legible,
        label_legible_reason,
        one_take,
        one_take_reason,
        sealed_until_opened,
        sealed_until_opened_reason,
        judge_method,
        frame_count,
        cast(film_seconds as numeric(18, 3)) as film_seconds,
        cast(judge_cpu_seconds as numeric(18, 3)) as judge_cpu_seconds,
        {{ local_time('judged_at') }} as judged_local_at
    from film_facts

)

select * from final
