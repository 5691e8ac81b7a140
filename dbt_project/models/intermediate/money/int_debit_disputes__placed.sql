-- Debited units that final discrepancies of the platform dispute, each unit once (ruling 59).
-- One row per debit line and discrepancy.
with

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

units as (

    select * from {{ ref('int_rtv_line_disputes__ordered') }}

),

debits as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

debited_units as (

    select * from {{ ref('int_debited_units__taped') }}

),

platform_liable as (

    select *
    from discrepancies
    where
        liable_role = 'platform'
        and is_final
        and not is_overlay

),

-- An RTV without goods, or one that repeats another, is disputed with all that was debited on it.
disputed_whole as (

    select
        debits.debit_line_key,
        platform_liable.discrepancy_key,
        debits.qty as disputed_qty
    from platform_liable
    inner join debits
        on
            platform_liable.tenant_code = debits.tenant_code
            and platform_liable.platform_code = debits.platform_code
            and platform_liable.rtv_no = debits.rtv_no
    where
        platform_liable.rule_code in ('debit_without_goods', 'duplicate_manifest')
        and platform_liable.debit_note_no is null

),

disputed_surplus as (

    select
        debits.debit_line_key,
        platform_liable.discrepancy_key,
        least(platform_liable.discrepancy_qty, debits.qty) as disputed_qty
    from platform_liable
    inner join debits
        on
            platform_liable.tenant_code = debits.tenant_code
            and platform_liable.platform_code = debits.platform_code
            and platform_liable.debit_note_no = debits.debit_note_no
            and platform_liable.debit_line_no = debits.debit_line_no
    where platform_liable.rule_code = 'debit_without_goods'

),

disputed_lines as (

    select
        debited_units.debit_line_key,
        units.discrepancy_key,
        least(units.ends_qty, debited_units.ends_qty)
        - greatest(units.starts_qty, debited_units.starts_qty) as disputed_qty
    from units
    inner join debited_units
        on
            units.rtv_line_key = debited_units.rtv_line_key
            and units.ends_qty > debited_units.starts_qty
            and units.starts_qty < debited_units.ends_qty

),

stacked as (

    select * from disputed_whole
    union all
    select * from disputed_surplus
    union all
    select * from disputed_lines

),

final as (

    select
        debit_line_key,
        discrepancy_key,
        sum(disputed_qty)::bigint as disputed_qty
    from stacked
    group by debit_line_key, discrepancy_key

)

select * from final
