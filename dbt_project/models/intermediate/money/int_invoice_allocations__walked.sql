-- Units dealt to invoices, one demand after the other, each to the best balance left (ruling 58).
-- Older returns see a part of the invoices that younger ones see: oldest first leaves fewest unallocated.
-- One row per demand and invoice line.
with recursive

demands as (

    select * from {{ ref('int_allocation_demands__ranked') }}

),

supplies as (

    select * from {{ ref('int_dispatches__returnable') }}

),

stocked as (

    select
        tenant_code,
        platform_code,
        sku_code,
        array_agg(invoice_on order by supply_no) as invoice_dates,
        array_agg(batch_no order by supply_no) as batches,
        array_agg(unit_price_minor order by supply_no) as prices,
        array_agg(is_in_tax_window order by supply_no) as windows,
        array_agg(returnable_qty order by supply_no) as balances
    from supplies
    group by tenant_code, platform_code, sku_code

),

walked as (

    select
        stocked.*,
        null::text as demand_key,
        0::bigint as demand_no,
        null::bigint[] as takings,
        null::bigint[] as ranks
    from stocked
    union all
    select
        walked.tenant_code,
        walked.platform_code,
        walked.sku_code,
        walked.invoice_dates,
        walked.batches,
        walked.prices,
        walked.windows,
        dealt.balances,
        demands.demand_key,
        demands.demand_no,
        dealt.takings,
        dealt.ranks
    from walked
    inner join demands
        on
            walked.tenant_code = demands.tenant_code
            and walked.platform_code = demands.platform_code
            and walked.sku_code = demands.sku_code
            and walked.demand_no + 1 = demands.demand_no
    {{ deal_to_best_balance() }}

),

final as (

    select
        walked.tenant_code,
        walked.platform_code,
        walked.sku_code,
        walked.demand_key,
        dealt.supply_no,
        dealt.preference,
        dealt.taken_qty as allocated_qty
    from walked
    cross join
        lateral unnest(walked.takings, walked.ranks)
        with ordinality as dealt (taken_qty, preference, supply_no)
    where dealt.taken_qty > 0

)

select * from final
