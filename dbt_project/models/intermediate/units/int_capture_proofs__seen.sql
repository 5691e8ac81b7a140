-- Proofs that a capture brought with it: film and photos of the box, what was entered for an item. Photos
-- name no item, so one of an item counts for each. One row per capture, item (null: the box) and proof.
{% set entered = {
    'cause': 'damage_cause', 'seal': 'seal_state', 'batch': 'batch_no', 'expiry': 'expiry_on', 'mrp': 'mrp'
} %}
with

captures as (

    select * from {{ ref('stg_rtv__qc_captures') }}

),

items as (

    select * from {{ ref('stg_rtv__qc_capture_items') }}

),

photos as (

    select * from {{ ref('stg_rtv__qc_capture_photos') }}

),

missing_components as (

    select * from {{ ref('stg_rtv__qc_capture_missing_components') }}

),

stacked as (

    select
        tenant_code,
        capture_id,
        cast(null as bigint) as item_no,
        'film' as proof_code
    from captures
    where video_sha256 is not null
    union
    select
        tenant_code,
        capture_id,
        cast(null as bigint) as item_no,
        case when kind = 'carton' then 'photo_carton' else 'photo' end as proof_code
    from photos
    where kind in ('carton', 'item', 'defect')
    {% for proof, column in entered.items() %}
        union
        select
            tenant_code,
            capture_id,
            item_no,
            '{{ proof }}' as proof_code
        from items
        where {{ column }} is not null
    {% endfor %}
    union
    select
        tenant_code,
        capture_id,
        item_no,
        'components' as proof_code
    from missing_components

),

final as (

    select
        {{ surrogate_key(['tenant_code', 'capture_id', 'item_no', 'proof_code']) }} as capture_proof_key,
        tenant_code,
        capture_id,
        item_no,
        proof_code
    from stacked

)

select * from final
