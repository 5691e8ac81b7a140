-- Debits, and manifests overdue for pickup, behind which nothing ever moved; and debited units above the
-- declared ones (ruling 36). One row per RTV, and one per debit line that exceeds its RTV.
with

awaited as (

    select * from {{ ref('int_rtvs__awaited') }}

),

exceeding as (

    select * from {{ ref('int_debit_lines__exceeding') }}

),

found as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        null as sku_code,
        null as debit_note_no,
        null as debit_line_no,
        null as node_code,
        null as bay_code,
        null as window_start_at,
        null as window_end_at,
        case when is_declared then declared_qty else debited_qty end as expected_qty,
        0 as observed_qty,
        is_finally_without_goods as is_final,
        first_seen_at,
        case
            when is_debited and not is_declared
                then
                    'The debit is for ' || {{ counted('debited_qty', 'unit') }}
                    || ' of an RTV that no manifest declares; '
            when is_debited
                then
                    'The debit is for ' || {{ counted('debited_qty', 'unit') }}
                    || ' of ' || declared_qty || ' declared; '
            else 'The manifest of ' || {{ counted('declared_qty', 'unit') }} || ' is overdue for pickup; '
        end || case
            when refused_at is not null
                then
                    'the transporter reports that no pickup took place on '
                    || {{ utc_text('refused_at') }} || '.'
            else 'there is no pickup, no gate receipt and no capture.'
        end as liability_reason,
        refused_at is not null as is_borne_out
    from awaited
    where is_without_goods
    union all
    select
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        debit_note_no,
        debit_line_no,
        node_code,
        bay_code,
        window_start_at,
        window_end_at,
        qty as expected_qty,
        qty - exceeding_qty as observed_qty,
        is_pickup_overdue as is_final,
        {{ start_of_day('debited_on', reporting_timezone()) }} as first_seen_at,
        'The debit is for ' || {{ counted('qty', 'unit') }} || ', ' || exceeding_qty || ' above the '
        || declared_qty || ' that the RTV declares of the SKU; received were '
        || received_qty || '.' as liability_reason,
        is_borne_out
    from exceeding

),

judged as (

    select
        *,
        'platform' as liable_role,
        platform_code as liable_party_code,
        null as runner_up_role,
        {{ confidence('false', 'is_borne_out') }} as confidence
    from found

),

final as (

    select
        {{ discrepancy_columns('debit_without_goods', 'rtv_or_debit_line', ['liable', 'window']) }}
    from judged

)

select * from final
