-- Conditions of an item under which a step asks its proofs; the app's `proof.js` says the same.
-- One row per item and condition it meets.
with

items as (

    select * from {{ ref('stg_rtv__qc_capture_items') }}

),

missing_components as (

    select * from {{ ref('stg_rtv__qc_capture_missing_components') }}

),

stacked as (

    select
        tenant_code,
        capture_id,
        item_no,
        'damaged' as step_condition
    from items
    where grade in ('C', 'D') or {{ list_has('defects', 'damaged') }} or {{ list_has('defects', 'leaking') }}
    union
    select
        tenant_code,
        capture_id,
        item_no,
        'leaking' as step_condition
    from items
    where {{ list_has('defects', 'leaking') }}
    union
    select
        tenant_code,
        capture_id,
        item_no,
        'used' as step_condition
    from items
    where
        seal_state in ('opened', 'broken')
        or {{ list_has('defects', 'used') }}
        or {{ list_has('defects', 'tampered') }}
    union
    select
        tenant_code,
        capture_id,
        item_no,
        'expired' as step_condition
    from items
    where expiry_on <= {{ local_date('seen_at', reporting_timezone()) }}
    union
    select
        tenant_code,
        capture_id,
        item_no,
        'incomplete' as step_condition
    from missing_components

),

final as (

    select
        {{ surrogate_key(['tenant_code', 'capture_id', 'item_no', 'step_condition']) }} as item_condition_key,
        tenant_code,
        capture_id,
        item_no,
        step_condition
    from stacked

)

select * from final
