-- Relation fct_film_codes of the star schema for BI tools: local times.
with

film_codes as (

    select * from {{ ref('fct_film_codes') }}

),

final as (

    select
        film_code_key,
        tenant_code,
        capture_id,
        awb_no,
        rtv_no,
        code_no,
        item_no,
        sku_code,
        code_text,
        sighting,
        frame_count,
        cast(first_seconds as numeric(18, 3)) as first_seconds,
        cast(last_seconds as numeric(18, 3)) as last_seconds,
        {{ local_time('judged_at') }} as judged_local_at
    from film_codes

)

select * from final
