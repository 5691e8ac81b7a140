-- The physical units each discrepancy stands for, to be priced; rules without a value have none (rulings
-- 26, 54). One row per discrepancy, RTV line and grade.
with

legs as (

    select * from {{ ref('int_rtv_line_legs__explained') }}

),

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

consignments as (

    select * from {{ ref('int_consignments__listed') }}

),

condition_units as (

    select * from {{ ref('int_condition_units__placed') }}

),

debited_units as (

    select * from {{ ref('int_debited_units__placed') }}

),

exceeded as (

    select * from {{ ref('int_debit_lines__exceeded') }}

),

of_consignments as (

    select
        lines.tenant_code,
        {{ surrogate_key([
                'lines.tenant_code', 'legs.rule_code', 'consignments.transporter_code', 'consignments.awb_no',
            ]) }} as discrepancy_key,
        lines.platform_code,
        lines.rtv_no,
        lines.sku_code,
        lines.batch_no,
        null::text as grade,
        legs.explained_qty as valued_qty
    from legs
    inner join lines
        on legs.line_key = lines.rtv_line_key
    inner join consignments
        on legs.consignment_key = consignments.consignment_key

),

of_lines as (

    select
        tenant_code,
        {{ surrogate_key([
                'tenant_code', "'unit_short'", 'platform_code', 'rtv_no', 'sku_code', 'batch_no',
            ]) }}
            as discrepancy_key,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        null::text as grade,
        unit_short_qty as valued_qty
    from lines
    where unit_short_qty > 0
    union all
    select
        tenant_code,
        {{ surrogate_key([
                'tenant_code', "'wrong_sku'", 'platform_code', 'rtv_no', 'sku_code', 'batch_no',
            ]) }}
            as discrepancy_key,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        null::text as grade,
        wrong_item_in_place_qty as valued_qty
    from lines
    where wrong_item_in_place_qty > 0

),

of_conditions as (

    select
        tenant_code,
        case
            when condition_verdict = 'damaged'
                then
                    {{ surrogate_key([
                'tenant_code', 'condition_verdict', 'platform_code', 'rtv_no', 'sku_code', 'batch_no', 'damage_liable_role',
            ]) }}
            else {{ surrogate_key([
                'tenant_code', 'condition_verdict', 'platform_code', 'rtv_no', 'sku_code', 'batch_no',
            ]) }}
        end as discrepancy_key,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        grade,
        sum(qty)::bigint as valued_qty
    from condition_units
    group by 1, 2, 3, 4, 5, 6, 7

),

of_debits as (

    select
        tenant_code,
        case
            when is_duplicate
                then {{ surrogate_key([
                'tenant_code', "'duplicate_manifest'", 'platform_code', 'rtv_no',
            ]) }}
            else
                {{ surrogate_key([
                'tenant_code', "'debit_without_goods'", 'platform_code', 'rtv_no', 'null::text', 'null::text',
            ]) }}
        end as discrepancy_key,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        null::text as grade,
        debited_qty as valued_qty
    from debited_units
    where debited_qty > 0
    union all
    select
        tenant_code,
        {{ surrogate_key([
                'tenant_code', "'debit_without_goods'", 'platform_code', 'rtv_no', 'debit_note_no', 'debit_line_no',
            ]) }} as discrepancy_key,
        platform_code,
        rtv_no,
        sku_code,
        null::text as batch_no,
        null::text as grade,
        exceeding_qty as valued_qty
    from exceeded
    where sku_code is not null

),

final as (

    select * from of_consignments
    union all
    select * from of_lines
    union all
    select * from of_conditions
    union all
    select * from of_debits

)

select * from final
