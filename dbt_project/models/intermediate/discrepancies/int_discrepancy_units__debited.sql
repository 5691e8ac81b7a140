-- The debited units behind which nothing came, or that exceed what their RTV declares (rulings 36, 37). One
-- row per discrepancy, RTV and article.
with

debited_units as (

    select * from {{ ref('int_debited_units__placed') }}
    where debited_qty > 0

),

exceeded as (

    select * from {{ ref('int_debit_lines__exceeded') }}
    where sku_code is not null

),

stacked as (

    select
        tenant_code,
        case when is_duplicate then 'duplicate_manifest' else 'debit_without_goods' end as rule_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        {{ typed('text') }} as debit_note_no,
        {{ typed('text') }} as debit_line_no,
        debited_qty as valued_qty
    from debited_units
    union all
    select
        tenant_code,
        'debit_without_goods' as rule_code,
        platform_code,
        rtv_no,
        sku_code,
        null as batch_no,
        debit_note_no,
        debit_line_no,
        exceeding_qty as valued_qty
    from exceeded

),

final as (

    select
        tenant_code,
        case
            when rule_code = 'duplicate_manifest' then {{ discrepancy_key('rule_code', 'rtv') }}
            else {{ discrepancy_key('rule_code', 'rtv_or_debit_line') }}
        end as discrepancy_key,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        {{ typed('text') }} as grade,
        valued_qty
    from stacked

)

select * from final
