-- What a captured item is held against: the contract's shelf life, its kit, the batches and MRPs that its
-- platform was sent (rulings 47 to 50). One row per captured item.
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

incomplete as (

    select distinct
        tenant_code,
        capture_id,
        item_no
    from missing_components
    where qty > 0

),

pickup_days as (

    select distinct
        items.tenant_code,
        items.platform_code,
        dated.picked_up_on
    from items
    inner join dated
        on items.captured_item_key = dated.captured_item_key

),

contracted as (

    select
        pickup_days.tenant_code,
        pickup_days.platform_code,
        pickup_days.picked_up_on,
        contracts.min_shelf_life_pct,
        row_number() over (
            partition by pickup_days.tenant_code, pickup_days.platform_code, pickup_days.picked_up_on
            order by contracts.effective_from desc
        ) as contract_rank
    from pickup_days
    inner join contracts
        on
            pickup_days.tenant_code = contracts.tenant_code
            and pickup_days.platform_code = contracts.platform_code
            and pickup_days.picked_up_on >= contracts.effective_from
            and pickup_days.picked_up_on <= coalesce(contracts.effective_to, date '9999-12-31')

),

always_batched as (

    select distinct
        tenant_code,
        platform_code,
        sku_code
    from dispatched
    where is_always_batched

),

mrps_of_batches as (

    select distinct
        tenant_code,
        platform_code,
        sku_code,
        batch_no
    from right_mrps
    where batch_no is not null

),

mrps_of_skus as (

    select distinct
        tenant_code,
        platform_code,
        sku_code
    from right_mrps

),

mrps_of_skus_each as (

    select distinct
        tenant_code,
        platform_code,
        sku_code,
        mrp_minor
    from right_mrps

),

final as (

    select
        items.captured_item_key,
        dated.expiry_on as known_expiry_on,
        dated.picked_up_on,
        dated.is_pod_remarked,
        skus.shelf_life_days,
        contracted.min_shelf_life_pct,
        coalesce(skus.is_kit, false) and incomplete.item_no is not null as is_kit_incomplete,
        items.batch_no is not null
        and always_batched.sku_code is not null
        and dispatched.sku_code is null as is_batch_mismatch,
        coalesce(
            case
                when mrps_of_batches.sku_code is not null then batch_mrps.mrp_minor is null
                when mrps_of_skus.sku_code is not null then mrps_of_skus_each.mrp_minor is null
                else items.mrp_minor <> skus.mrp_minor
            end
            and items.mrp_minor is not null,
            false
        ) as is_mrp_mismatch
    from items
    inner join dated
        on items.captured_item_key = dated.captured_item_key
    left join skus
        on
            items.tenant_code = skus.tenant_code
            and items.sku_code = skus.sku_code
    left join incomplete
        on
            items.tenant_code = incomplete.tenant_code
            and items.capture_id = incomplete.capture_id
            and items.item_no = incomplete.item_no
    left join contracted
        on
            items.tenant_code = contracted.tenant_code
            and items.platform_code = contracted.platform_code
            and dated.picked_up_on = contracted.picked_up_on
            and contracted.contract_rank = 1
    left join always_batched
        on
            items.tenant_code = always_batched.tenant_code
            and items.platform_code = always_batched.platform_code
            and items.sku_code = always_batched.sku_code
    left join dispatched
        on
            items.tenant_code = dispatched.tenant_code
            and items.platform_code = dispatched.platform_code
            and items.sku_code = dispatched.sku_code
            and items.batch_no = dispatched.batch_no
    left join mrps_of_batches
        on
            items.tenant_code = mrps_of_batches.tenant_code
            and items.platform_code = mrps_of_batches.platform_code
            and items.sku_code = mrps_of_batches.sku_code
            and items.batch_no = mrps_of_batches.batch_no
    left join right_mrps as batch_mrps
        on
            items.tenant_code = batch_mrps.tenant_code
            and items.platform_code = batch_mrps.platform_code
            and items.sku_code = batch_mrps.sku_code
            and items.batch_no = batch_mrps.batch_no
            and items.mrp_minor = batch_mrps.mrp_minor
    left join mrps_of_skus
        on
            items.tenant_code = mrps_of_skus.tenant_code
            and items.platform_code = mrps_of_skus.platform_code
            and items.sku_code = mrps_of_skus.sku_code
    left join mrps_of_skus_each
        on
            items.tenant_code = mrps_of_skus_each.tenant_code
            and items.platform_code = mrps_of_skus_each.platform_code
            and items.sku_code = mrps_of_skus_each.sku_code
            and items.mrp_minor = mrps_of_skus_each.mrp_minor

)

select * from final
