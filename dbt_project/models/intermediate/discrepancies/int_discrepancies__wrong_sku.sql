-- Units of another SKU in place of a declared one, on the line of the missing SKU (rulings 42, 43). One row
-- per RTV line; of several SKUs found in its place, all are named.
with

pairs as (

    select * from {{ ref('int_rtv_line_pairs__paired') }}

),

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

surplus as (

    select * from {{ ref('int_surplus_units__placed') }}

),

replaced as (

    select
        pairs.short_line_key,
        {{ joined_texts('pairs.surplus_sku_code', '|') }} as observed_sku_code,
        sum(pairs.paired_qty) as paired_qty,
        min(surplus.node_code) as node_code,
        min(surplus.bay_code) as bay_code,
        bool_and(surplus.is_filmed) as is_filmed,
        min(surplus.window_start_at) as window_start_at,
        max(surplus.window_end_at) as window_end_at,
        {{ also_met_texts('surplus.also_met') }} as also_met
    from pairs
    inner join surplus
        on pairs.surplus_line_key = surplus.line_key
    group by pairs.short_line_key

),

found as (

    select
        lines.tenant_code,
        lines.platform_code,
        lines.rtv_no,
        lines.sku_code,
        lines.batch_no,
        lines.transporter_code,
        lines.awb_no,
        replaced.node_code,
        replaced.bay_code,
        replaced.observed_sku_code,
        replaced.paired_qty as expected_qty,
        0 as observed_qty,
        'platform' as liable_role,
        lines.platform_code as liable_party_code,
        null as runner_up_role,
        replaced.also_met,
        lines.is_complete as is_final,
        replaced.window_start_at,
        replaced.window_end_at,
        'In place of ' || {{ counted('replaced.paired_qty', 'declared unit') }} || ' came as many of '
        || replace(replaced.observed_sku_code, '|', ', ') || '.' as liability_reason,
        {{ confidence("lines.match_confidence = 'low' or lines.is_share_inferred", 'replaced.is_filmed') }}
            as confidence,
        coalesce(lines.qc_completed_at, replaced.window_end_at) as first_seen_at
    from replaced
    inner join lines
        on replaced.short_line_key = lines.rtv_line_key

),

final as (

    select
        {{ discrepancy_columns(
            'wrong_sku', 'rtv_line', ['carried', 'liable', 'window', 'also_met', 'observed_sku_code']
        ) }}
    from found

)

select * from final
