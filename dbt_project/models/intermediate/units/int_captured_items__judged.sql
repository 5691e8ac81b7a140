-- The condition verdict of each captured item and the verdicts it also met (rulings 45 to 50, 53). One row
-- per captured item; a verdict is a boolean here, and one more rule is one more boolean.
{% set verdicts = [
    'used_or_tampered', 'expired', 'damaged', 'kit_incomplete', 'near_expiry', 'batch_mismatch', 'mrp_mismatch'
] %}
with

items as (

    select * from {{ ref('int_captured_items__resolved') }}

),

compared as (

    select * from {{ ref('int_captured_items__compared') }}

),

defaults as (

    select * from {{ ref('int_thresholds__pivoted') }}

),

observed as (

    select
        items.*,
        compared.known_expiry_on,
        compared.picked_up_on,
        compared.is_pod_remarked,
        compared.shelf_life_days,
        compared.is_kit_incomplete,
        compared.is_batch_mismatch,
        compared.is_mrp_mismatch,
        coalesce(compared.min_shelf_life_pct, defaults.min_shelf_life_pct) as min_shelf_life_pct,
        {{ list_has('items.defects', 'damaged') }}
        or {{ list_has('items.defects', 'leaking') }} as is_defective
    from items
    cross join defaults
    inner join compared
        on items.captured_item_key = compared.captured_item_key

),

flagged as (

    select
        *,
        sku_code is null as is_foreign,
        {{ list_has('defects', 'used') }}
        or {{ list_has('defects', 'tampered') }}
        or coalesce(seal_state in ('opened', 'broken'), false) as is_used_or_tampered,
        coalesce(known_expiry_on <= picked_up_on, false) as is_expired,
        coalesce((known_expiry_on - picked_up_on) * 100 < min_shelf_life_pct * shelf_life_days, false)
            as is_near_expiry
    from observed

),

graded as (

    select
        *,
        is_defective
        or (
            coalesce(grade in ('C', 'D'), false)
            and not is_foreign
            {%- for verdict in verdicts if verdict != 'damaged' %}
                and not is_{{ verdict }}
            {%- endfor %}
        ) as is_damaged,
        case
            when damage_cause = 'carton' or is_pod_remarked then 'transporter'
            else 'platform'
        end as damage_liable_role
    from flagged

),

decided as (

    select
        *,
        case
            when is_foreign then 'foreign_item'
            {%- for verdict in verdicts %}
                when is_{{ verdict }} then '{{ verdict }}'
            {%- endfor %}
        end as condition_verdict
    from graded

),

final as (

    select
        captured_item_key,
        tenant_code,
        capture_id,
        item_no,
        consignment_key,
        oldest_rtv_key,
        sole_rtv_key,
        platform_code,
        sku_code,
        batch_no,
        scanned_code,
        carton_no,
        node_code,
        bay_code,
        grade,
        defects,
        damage_cause,
        seal_state,
        match_method,
        condition_verdict,
        damage_liable_role,
        known_expiry_on as expiry_on,
        picked_up_on,
        qty,
        mrp_minor,
        {% for verdict in verdicts -%}
            is_{{ verdict }},
        {% endfor -%}
        is_foreign,
        is_pod_remarked,
        is_contradicted,
        is_filmed,
        seen_at,
        started_at,
        ended_at
    from decided

)

select * from final
