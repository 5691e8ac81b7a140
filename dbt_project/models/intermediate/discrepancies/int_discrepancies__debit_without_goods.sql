-- Debits, and manifests overdue for pickup, behind which nothing ever moved; and debited units above the
-- declared ones (ruling 36). One row per RTV, and one per debit line that exceeds its RTV.
with

rtvs as (

    select * from {{ ref('int_rtvs__evidenced') }}

),

exceeded as (

    select * from {{ ref('int_debit_lines__exceeded') }}

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        null::text as sku_code,
        null::text as debit_note_no,
        null::text as debit_line_no,
        case when is_declared then declared_qty else debited_qty end as expected_qty,
        0::bigint as observed_qty,
        case
            when is_debited and not is_declared
                then debited_qty || ' units were debited on an RTV that no manifest declares; nothing moved.'
            when is_debited
                then
                    debited_qty || ' units were debited of ' || declared_qty
                    || ' declared; there is no pickup, no gate receipt and no capture.'
            else 'The manifest of ' || declared_qty || ' units is overdue for pickup; nothing moved.'
        end as liability_reason,
        is_finally_without_goods as is_final,
        coalesce(debited_on::timestamptz, first_created_at) as first_seen_at
    from rtvs
    where is_without_goods
    union all
    select
        exceeded.tenant_code,
        exceeded.platform_code,
        exceeded.rtv_no,
        exceeded.sku_code,
        exceeded.debit_note_no,
        exceeded.debit_line_no,
        exceeded.qty as expected_qty,
        exceeded.qty - exceeded.exceeding_qty as observed_qty,
        exceeded.exceeding_qty || ' of ' || exceeded.qty
        || ' debited units are above what the RTV declares of the SKU.' as liability_reason,
        rtvs.is_pickup_overdue as is_final,
        exceeded.debited_on::timestamptz as first_seen_at
    from exceeded
    inner join rtvs
        on exceeded.rtv_key = rtvs.rtv_key

),

judged as (

    select
        *,
        'platform' as liable_role,
        platform_code as liable_party_code,
        'medium' as confidence
    from found

),

final as (

    select
        {{ discrepancy_columns('debit_without_goods',
            ['platform_code', 'rtv_no', 'debit_note_no', 'debit_line_no'],
            ['platform_code', 'rtv_no', 'sku_code', 'debit_note_no', 'debit_line_no', 'expected_qty', 'observed_qty',
            'liable_role', 'liable_party_code', 'liability_reason', 'confidence', 'is_final', 'first_seen_at']) }}
    from judged

)

select * from final
