-- The discrepancies of all rules side by side, not yet valued. One row per discrepancy.
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

final as (

    {% for rule in rules -%}
        select
            {{ discrepancy_column_names() }}
        from {{ rule }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}

)

select * from final
