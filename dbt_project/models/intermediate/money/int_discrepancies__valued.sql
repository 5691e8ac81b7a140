-- What each discrepancy is worth: quantity × basis × rate, half up once (rulings 54 to 57). Units whose
-- agreed basis nobody knows are valued at their price and marked unverified.
-- One row per discrepancy.
with

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

rules as (

    select * from {{ ref('discrepancy_rules') }}

),

priced as (

    select * from {{ ref('int_discrepancy_units__priced') }}

),

terms as (

    select * from {{ ref('int_discrepancy_terms__chosen') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__demanded') }}

),

debits as (

    select * from {{ ref('int_debit_lines__priced') }}

),

kit_shares as (

    select * from {{ ref('int_kit_shares__missing') }}

),

rtvs_debited as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        {{ typed('count', 'sum(qty * unit_value_minor + tax_amount_minor)') }} as debited_minor
    from debits
    group by tenant_code, platform_code, rtv_no

),

based as (

    select
        priced.discrepancy_key,
        priced.priced_qty,
        coalesce(priced.gst_rate, 0) as gst_rate,
        coalesce(
            priced.invoice_price_minor, priced.declared_unit_minor, priced.debited_net_minor
        ) as price_minor,
        coalesce(terms.rate_pct, 100) as rate_pct,
        coalesce(terms.tax_included, false) as is_tax_included,
        case
            when discrepancies.rule_code = 'kit_incomplete' then coalesce(kit_shares.missing_share, 1)
            else 1
        end as price_share,
        terms.discrepancy_key is null as is_terms_unverified,
        case coalesce(terms.basis, 'invoice_price')
            when 'invoice_price'
                then coalesce(
                    priced.invoice_price_minor, priced.declared_unit_minor, priced.debited_net_minor
                )
            when 'debit_value' then coalesce(priced.debited_net_minor, priced.declared_unit_minor)
            when 'mrp' then priced.mrp_minor
            when 'unit_cost' then priced.unit_cost_minor
        end as basis_minor
    from priced
    inner join discrepancies
        on priced.discrepancy_key = discrepancies.discrepancy_key
    left join kit_shares
        on priced.rtv_line_key = kit_shares.rtv_line_key
    left join terms
        on
            priced.discrepancy_key = terms.discrepancy_key
            and priced.grade is not distinct from terms.grade

),

claimable as (

    select
        discrepancy_key,
        sum(priced_qty) as valued_qty,
        {{ half_up("sum(
            priced_qty * coalesce(basis_minor, price_minor) * price_share * rate_pct / 100
            * case when is_tax_included then 1 + gst_rate / 100 else 1 end
        )") }} as claimable_minor,
        bool_or(is_terms_unverified or basis_minor is null) as is_terms_unverified
    from based
    group by discrepancy_key

),

final as (

    select
        discrepancies.discrepancy_key,
        discrepancies.tenant_code,
        case
            when not rules.is_valued then null
            when discrepancies.rule_code = 'price_variance' then debits.variance_minor
            when discrepancies.rule_code = 'tax_variance'
                then debits.tax_amount_minor - debits.expected_tax_minor
            when rules.is_overlay then discrepancies.discrepancy_qty * rtv_lines.declared_unit_minor
            when discrepancies.rule_code = 'duplicate_manifest' then coalesce(rtvs_debited.debited_minor, 0)
            else coalesce(claimable.claimable_minor, 0)
        end as value_minor,
        rules.is_claimable and coalesce(claimable.is_terms_unverified, terms.discrepancy_key is null)
            as is_terms_unverified
    from discrepancies
    inner join rules
        on discrepancies.rule_code = rules.rule_code
    left join claimable
        on discrepancies.discrepancy_key = claimable.discrepancy_key
    left join terms
        on
            discrepancies.discrepancy_key = terms.discrepancy_key
            and terms.grade is null
    left join rtv_lines
        on
            discrepancies.tenant_code = rtv_lines.tenant_code
            and discrepancies.platform_code = rtv_lines.platform_code
            and discrepancies.rtv_no = rtv_lines.rtv_no
            and discrepancies.sku_code = rtv_lines.sku_code
            and discrepancies.batch_no is not distinct from rtv_lines.batch_no
    left join rtvs_debited
        on
            discrepancies.tenant_code = rtvs_debited.tenant_code
            and discrepancies.platform_code = rtvs_debited.platform_code
            and discrepancies.rtv_no = rtvs_debited.rtv_no
    left join debits
        on
            discrepancies.tenant_code = debits.tenant_code
            and discrepancies.platform_code = debits.platform_code
            and discrepancies.debit_note_no = debits.debit_note_no
            and discrepancies.debit_line_no = debits.debit_line_no

)

select * from final
