-- Gate receipts and captures side by side: where an AWB was seen. One row per receipt or capture.
with

receipts as (

    select * from {{ ref('stg_rtv__gate_receipts') }}

),

captures as (

    select * from {{ ref('stg_rtv__qc_captures') }}

),

stacked as (

    select
        tenant_code,
        'receipt' as sighting_kind,
        receipt_id as sighting_id,
        node_code,
        awb_no,
        rtv_no,
        null as carton_no,
        handover_at as seen_at
    from receipts
    union all
    select
        tenant_code,
        'capture' as sighting_kind,
        capture_id as sighting_id,
        node_code,
        awb_no,
        rtv_no,
        carton_no,
        started_at as seen_at
    from captures

),

final as (

    select
        {{ surrogate_key(['tenant_code', 'sighting_kind', 'sighting_id']) }} as sighting_key,
        tenant_code,
        sighting_kind,
        sighting_id,
        node_code,
        awb_no,
        rtv_no,
        carton_no,
        seen_at
    from stacked

)

select * from final
