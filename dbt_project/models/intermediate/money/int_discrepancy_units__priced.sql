-- Units of a discrepancy with the prices they can be valued at (ruling 55). One row per discrepancy, RTV
-- line, grade, debit line and invoice line, and one for units that neither debit nor invoice covers.
with

placed as (

    select * from {{ ref('int_discrepancy_units__placed') }}

),

met as (

    select * from {{ ref('int_discrepancy_units__met') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__demanded') }}

),

debits as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

mrps as (

    select * from {{ ref('int_right_mrps__newest') }}

),

skus as (

    select * from {{ ref('stg_rtv__skus') }}

),

met_totals as (

    select
        placed_key,
        sum(priced_qty) as priced_qty
    from met
    group by placed_key

),

stacked as (

    select
        placed_key,
        priced_qty,
        unit_price_minor,
        gst_rate,
        unit_value_minor
    from met
    union all
    select
        placed.placed_key,
        placed.valued_qty - coalesce(met_totals.priced_qty, 0) as priced_qty,
        {{ typed('count') }} as unit_price_minor,
        {{ typed('rate') }} as gst_rate,
        {{ typed('count') }} as unit_value_minor
    from placed
    left join met_totals
        on placed.placed_key = met_totals.placed_key
    where placed.valued_qty > coalesce(met_totals.priced_qty, 0)

),

final as (

    select
        placed.placed_key,
        placed.discrepancy_key,
        placed.rtv_line_key,
        placed.tenant_code,
        placed.platform_code,
        placed.rtv_no,
        placed.sku_code,
        placed.grade,
        {{ typed('count', 'stacked.priced_qty') }} as priced_qty,
        stacked.unit_price_minor as invoice_price_minor,
        rtv_lines.declared_unit_minor,
        skus.unit_cost_minor,
        coalesce(own_debits.unit_value_minor, stacked.unit_value_minor) as debited_net_minor,
        coalesce(batch_mrps.mrp_minor, sku_mrps.mrp_minor, skus.mrp_minor) as mrp_minor,
        coalesce(stacked.gst_rate, skus.gst_rate) as gst_rate
    from stacked
    inner join placed
        on stacked.placed_key = placed.placed_key
    left join rtv_lines
        on placed.rtv_line_key = rtv_lines.rtv_line_key
    left join debits as own_debits
        on
            placed.tenant_code = own_debits.tenant_code
            and placed.platform_code = own_debits.platform_code
            and placed.debit_note_no = own_debits.debit_note_no
            and placed.debit_line_no = own_debits.debit_line_no
    left join mrps as batch_mrps
        on
            placed.tenant_code = batch_mrps.tenant_code
            and placed.platform_code = batch_mrps.platform_code
            and placed.sku_code = batch_mrps.sku_code
            and placed.batch_no = batch_mrps.batch_no
    left join mrps as sku_mrps
        on
            placed.tenant_code = sku_mrps.tenant_code
            and placed.platform_code = sku_mrps.platform_code
            and placed.sku_code = sku_mrps.sku_code
            and sku_mrps.batch_no is null
    left join skus
        on
            placed.tenant_code = skus.tenant_code
            and placed.sku_code = skus.sku_code

)

select * from final
