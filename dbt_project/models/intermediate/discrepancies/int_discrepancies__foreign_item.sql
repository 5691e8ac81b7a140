-- Scanned codes that are no SKU of the brand; those of blind receipts stand without an RTV (rulings 22,
-- 38). One row per captured item.
with

items as (

    select * from {{ ref('int_captured_items__judged') }}
    where condition_verdict = 'foreign_item'

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

found as (

    select
        items.tenant_code,
        rtvs.platform_code,
        rtvs.rtv_no,
        consignments.transporter_code,
        consignments.awb_no,
        items.capture_id,
        items.item_no,
        items.node_code,
        items.bay_code,
        0 as expected_qty,
        items.qty as observed_qty,
        'platform' as liable_role,
        rtvs.platform_code as liable_party_code,
        null as runner_up_role,
        true as is_final,
        items.seen_at as first_seen_at,
        items.seen_at as window_start_at,
        items.seen_at as window_end_at,
        'The code "' || coalesce(items.scanned_code, '') || '" on ' || {{ counted('items.qty', 'unit') }}
        || ' is no SKU of the brand.' as liability_reason,
        {{ confidence(
            "items.match_method in ('awb_alias', 'fit') or items.is_contradicted", 'items.is_filmed'
        ) }} as confidence,
        nullif(concat_ws(
            '|',
            case when items.is_used_or_tampered then 'used_or_tampered' end,
            case when items.is_expired then 'expired' end,
            case when items.is_damaged then 'damaged' end
        ), '') as also_met
    from items
    inner join consignments
        on items.consignment_key = consignments.consignment_key
    left join rtvs
        on items.oldest_rtv_key = rtvs.rtv_key

),

final as (

    select
        {{ discrepancy_columns('foreign_item', 'capture_item', ['carried', 'liable', 'window', 'also_met']) }}
    from found

)

select * from final
