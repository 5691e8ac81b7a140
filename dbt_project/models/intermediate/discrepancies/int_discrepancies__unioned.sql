-- The discrepancies of all rules side by side, with the camera that sees the place, not yet valued. One row
-- per discrepancy.
{% set rules = [
    ref('int_discrepancies__goods_without_manifest'),
    ref('int_discrepancies__debit_without_goods'),
    ref('int_discrepancies__duplicate_manifest'),
    ref('int_discrepancies__not_permitted'),
    ref('int_discrepancies__over_return'),
    ref('int_discrepancies__carton_short_at_pickup'),
    ref('int_discrepancies__consignment_lost'),
    ref('int_discrepancies__carton_lost_in_transit'),
    ref('int_discrepancies__carton_short_at_gate'),
    ref('int_discrepancies__carton_excess'),
    ref('int_discrepancies__seal_broken'),
    ref('int_discrepancies__unit_short'),
    ref('int_discrepancies__unit_excess'),
    ref('int_discrepancies__wrong_sku'),
    ref('int_discrepancies__foreign_item'),
    ref('int_discrepancies__kit_incomplete'),
    ref('int_discrepancies__damaged'),
    ref('int_discrepancies__expired'),
    ref('int_discrepancies__near_expiry'),
    ref('int_discrepancies__used_or_tampered'),
    ref('int_discrepancies__batch_mismatch'),
    ref('int_discrepancies__mrp_mismatch'),
    ref('int_discrepancies__price_variance'),
    ref('int_discrepancies__tax_variance'),
    ref('int_discrepancies__document_missing'),
    ref('int_discrepancies__pickup_late'),
    ref('int_discrepancies__delivery_late'),
    ref('int_discrepancies__qc_overdue')
] %}
with

cameras as (

    select * from {{ ref('stg_rtv__cameras') }}

),

stacked as (

    {% for rule in rules -%}
        select
            {{ discrepancy_column_names() }}
        from {{ rule }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}

),

-- Of several cameras at a bay none is named: all of them are to be looked at.
seeing as (

    select
        tenant_code,
        node_code,
        bay_code,
        min(camera_code) as camera_code
    from cameras
    group by tenant_code, node_code, bay_code
    having count(*) = 1

),

final as (

    select
        stacked.discrepancy_key,
        stacked.tenant_code,
        stacked.rule_code,
        stacked.platform_code,
        stacked.rtv_no,
        stacked.sku_code,
        stacked.batch_no,
        stacked.transporter_code,
        stacked.awb_no,
        stacked.capture_id,
        stacked.item_no,
        stacked.debit_note_no,
        stacked.debit_line_no,
        stacked.document_type,
        stacked.observed_sku_code,
        stacked.node_code,
        stacked.bay_code,
        stacked.expected_qty,
        stacked.observed_qty,
        stacked.discrepancy_qty,
        stacked.liable_role,
        stacked.liable_party_code,
        stacked.liability_reason,
        stacked.confidence,
        stacked.runner_up_role,
        stacked.also_met,
        stacked.is_final,
        stacked.is_overlay,
        stacked.first_seen_at,
        stacked.window_start_at,
        stacked.window_end_at,
        coalesce(stacked.camera_code, seeing.camera_code) as camera_code
    from stacked
    left join seeing
        on
            stacked.tenant_code = seeing.tenant_code
            and stacked.node_code = seeing.node_code
            and stacked.bay_code = seeing.bay_code
            and stacked.window_start_at is not null

)

select * from final
