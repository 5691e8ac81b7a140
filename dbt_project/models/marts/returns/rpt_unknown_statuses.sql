-- Codes of carriers that nothing knows yet: their events are kept and move nothing. One row per transporter
-- and code.
with

events as (

    select * from {{ ref('stg_rtv__transporter_events') }}

),

final as (

    select
        {{ surrogate_key(['tenant_code', 'transporter_code', 'raw_code']) }} as unknown_status_key,
        tenant_code,
        transporter_code,
        raw_code,
        min(raw_text) as example_text,
        min(awb_no) as example_awb_no,
        {{ typed('count', 'count(*)') }} as event_count,
        {{ typed('count', 'count(distinct awb_no)') }} as awb_count,
        min(event_at) as first_event_at,
        max(event_at) as last_event_at
    from events
    where status = 'unknown'
    group by tenant_code, transporter_code, raw_code

)

select * from final
