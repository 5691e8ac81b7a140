-- The condition verdict of each captured item and the verdicts it also met (rulings 45 to 50, 53). One row
-- per captured item; a verdict is a boolean here, and one more rule is one more boolean.
{% set verdicts = [
    'used_or_tampered', 'expired', 'damaged', 'kit_incomplete', 'near_expiry', 'batch_mismatch', 'mrp_mismatch'
] %}
with

items as (

    select * from {{ ref('int_captured_items__resolved') }}

),

dated as (

    select * from {{ ref('int_captured_items__dated') }}

),

contracts as (

    select * from {{ ref('stg_rtv__contracts_in_force') }}

),

defaults as (

    select * from {{ ref('int_thresholds__pivoted') }}

),

skus as (

    select * from {{ ref('stg_rtv__skus') }}

),

dispatched as (

    select * from {{ ref('int_dispatched_batches__listed') }}

),

right_mrps as (

    select * from {{ ref('int_right_mrps__listed') }}

),

missing_components as (

    select * from {{ ref('stg_rtv__qc_capture_missing_components') }}

),

observed as (

    select
        items.*,
        dated.expiry_on as known_expiry_on,
        dated.picked_up_on,
        dated.is_pod_remarked,
        skus.shelf_life_days,
        coalesce(
            (
                select contracts.min_shelf_life_pct
                from contracts
                where
                    contracts.tenant_code = items.tenant_code
                    and contracts.platform_code = items.platform_code
                    and dated.picked_up_on >= contracts.effective_from
                    and dated.picked_up_on <= coalesce(contracts.effective_to, date '9999-12-31')
                order by contracts.effective_from desc
                limit 1
            ),
            defaults.min_shelf_life_pct
        ) as min_shelf_life_pct,
        {{ list_has('items.defects', 'damaged') }}
        or {{ list_has('items.defects', 'leaking') }} as is_defective,
        coalesce(skus.is_kit, false)
        and exists (
            select 1
            from missing_components
            where
                missing_components.tenant_code = items.tenant_code
                and missing_components.capture_id = items.capture_id
                and missing_components.item_no = items.item_no
                and missing_components.qty > 0
        ) as is_kit_incomplete,
        items.batch_no is not null
        and exists (
            select 1
            from dispatched
            where
                dispatched.tenant_code = items.tenant_code
                and dispatched.platform_code = items.platform_code
                and dispatched.sku_code = items.sku_code
                and dispatched.is_always_batched
        )
        and not exists (
            select 1
            from dispatched
            where
                dispatched.tenant_code = items.tenant_code
                and dispatched.platform_code = items.platform_code
                and dispatched.sku_code = items.sku_code
                and dispatched.batch_no = items.batch_no
        ) as is_batch_mismatch,
        coalesce(
            items.mrp_minor <> all(
                coalesce(
                    (
                        select array_agg(right_mrps.mrp_minor)
                        from right_mrps
                        where
                            right_mrps.tenant_code = items.tenant_code
                            and right_mrps.platform_code = items.platform_code
                            and right_mrps.sku_code = items.sku_code
                            and right_mrps.batch_no = items.batch_no
                    ),
                    (
                        select array_agg(right_mrps.mrp_minor)
                        from right_mrps
                        where
                            right_mrps.tenant_code = items.tenant_code
                            and right_mrps.platform_code = items.platform_code
                            and right_mrps.sku_code = items.sku_code
                    ),
                    array[skus.mrp_minor]
                )
            ),
            false
        ) as is_mrp_mismatch
    from items
    cross join defaults
    inner join dated
        on items.captured_item_key = dated.captured_item_key
    left join skus
        on
            items.tenant_code = skus.tenant_code
            and items.sku_code = skus.sku_code

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
