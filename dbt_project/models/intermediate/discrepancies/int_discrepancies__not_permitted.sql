-- Lines that break the contract in force: reason, return period, shelf life at return, cap (ruling 52). One
-- row per RTV line.
with

held as (

    select * from {{ ref('int_rtv_lines__held_to_contract') }}
    where
        refused_reason_code is not null
        or is_past_return_period
        or is_short_lived
        or is_beyond_cap

),

borne_out as (

    select * from {{ ref('int_rtv_lines__borne_out') }}

),

found as (

    select
        held.tenant_code,
        held.platform_code,
        held.rtv_no,
        held.sku_code,
        held.batch_no,
        borne_out.transporter_code,
        borne_out.awb_no,
        borne_out.node_code,
        borne_out.bay_code,
        0 as expected_qty,
        held.declared_qty as observed_qty,
        'platform' as liable_role,
        held.platform_code as liable_party_code,
        null as runner_up_role,
        true as is_final,
        true as is_overlay,
        held.first_created_at as first_seen_at,
        borne_out.window_start_at,
        borne_out.window_end_at,
        'The contract in force does not permit the return: ' || concat_ws(
            '; ',
            'the reason ' || held.refused_reason_code || ' is not allowed',
            case
                when held.is_past_return_period
                    then
                        'returned ' || held.age_days || ' days after the newest dispatch, allowed are '
                        || held.return_period_days
            end,
            case
                when held.is_short_lived
                    then
                        'its expiry ' || held.expiry_on || ' left less than ' || held.min_shelf_life_pct
                        || ' % of the shelf life when it was returned'
            end,
            case
                when held.is_beyond_cap
                    then
                        held.sku_declared_qty || ' units declared back of ' || held.sku_dispatched_qty
                        || ' dispatched are beyond the cap of ' || held.cap_pct || ' %'
            end
        ) || '.' as liability_reason,
        {{ confidence('false', 'borne_out.is_borne_out') }} as confidence
    from held
    left join borne_out
        on held.line_key = borne_out.line_key

),

final as (

    select
        {{ discrepancy_columns('not_permitted', 'rtv_line', ['carried', 'liable', 'window', 'is_overlay']) }}
    from found

)

select * from final
