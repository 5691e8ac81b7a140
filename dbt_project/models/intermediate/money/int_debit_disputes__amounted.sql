-- What each disputed part of a debit line amounts to: units at debit value with tax, then its variances of
-- price and tax, never beyond what was debited (ruling 59). One row per debit line and discrepancy.
with

disputes as (

    select * from {{ ref('int_debit_disputes__placed') }}

),

debits as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

priced as (

    select * from {{ ref('int_debit_lines__priced') }}

),

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

rules as (

    select * from {{ ref('discrepancy_rules') }}

),

tallied as (

    select
        disputes.debit_line_key,
        disputes.discrepancy_key,
        disputes.disputed_qty,
        debits.qty,
        debits.total_amount_minor,
        sum(disputes.disputed_qty) over (
            partition by disputes.debit_line_key
            order by rules.rule_order, disputes.discrepancy_key
        ) as ends_at
    from disputes
    inner join debits
        on disputes.debit_line_key = debits.debit_line_key
    inner join discrepancies
        on disputes.discrepancy_key = discrepancies.discrepancy_key
    inner join rules
        on discrepancies.rule_code = rules.rule_code

),

-- Differences of rounded running totals add up to the rounded total, and never beyond what was debited.
unit_amounts as (

    select
        debit_line_key,
        discrepancy_key,
        {{ half_up('least(ends_at, qty) * total_amount_minor::numeric / qty') }}
        - {{ half_up('least(ends_at - disputed_qty, qty) * total_amount_minor::numeric / qty') }}
            as disputed_minor
    from tallied

),

unit_totals as (

    select
        debit_line_key,
        sum(disputed_minor) as disputed_minor
    from unit_amounts
    group by debit_line_key

),

variances as (

    select
        priced.debit_line_key,
        discrepancies.discrepancy_key,
        discrepancies.rule_code,
        case discrepancies.rule_code
            when 'price_variance' then priced.variance_minor
            else greatest(priced.tax_amount_minor - priced.expected_tax_minor, 0)
        end as variance_minor
    from discrepancies
    inner join priced
        on
            discrepancies.tenant_code = priced.tenant_code
            and discrepancies.platform_code = priced.platform_code
            and discrepancies.debit_note_no = priced.debit_note_no
            and discrepancies.debit_line_no = priced.debit_line_no
    where discrepancies.rule_code in ('price_variance', 'tax_variance')

),

variances_tallied as (

    select
        variances.debit_line_key,
        variances.discrepancy_key,
        variances.variance_minor,
        debits.total_amount_minor,
        coalesce(unit_totals.disputed_minor, 0) + sum(variances.variance_minor) over (
            partition by variances.debit_line_key
            order by variances.rule_code
        ) as ends_at
    from variances
    inner join debits
        on variances.debit_line_key = debits.debit_line_key
    left join unit_totals
        on variances.debit_line_key = unit_totals.debit_line_key

),

stacked as (

    select
        debit_line_key,
        discrepancy_key,
        disputed_minor
    from unit_amounts
    union all
    select
        debit_line_key,
        discrepancy_key,
        least(ends_at, total_amount_minor) - least(ends_at - variance_minor, total_amount_minor)
            as disputed_minor
    from variances_tallied

),

final as (

    select
        debit_line_key,
        discrepancy_key,
        disputed_minor::bigint as disputed_minor
    from stacked

)

select * from final
