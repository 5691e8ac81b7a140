-- Each discrepancy carries the keys of its rule's grain and no others, and is what the seed says of its rule
-- (rulings 26, 27, 54).
with

discrepancies as (

    select * from {{ ref('fct_discrepancies') }}

),

rules as (

    select * from {{ ref('discrepancy_rules') }}

),

judged as (

    select
        discrepancies.discrepancy_key,
        case rules.grain
            when 'consignment'
                then
                    coalesce(discrepancies.awb_no, discrepancies.rtv_no) is not null
                    and discrepancies.sku_code is null
            when 'rtv'
                then
                    discrepancies.rtv_no is not null
                    and (discrepancies.sku_code is null or discrepancies.debit_note_no is not null)
            when 'rtv_line' then discrepancies.rtv_no is not null and discrepancies.sku_code is not null
            when 'rtv_document'
                then discrepancies.rtv_no is not null and discrepancies.document_type is not null
            when 'debit_line'
                then discrepancies.debit_note_no is not null and discrepancies.debit_line_no is not null
            when 'capture_item'
                then discrepancies.item_no is not null and discrepancies.sku_code is null
        end
        and (discrepancies.batch_no is null or rules.grain = 'rtv_line')
        and (discrepancies.capture_id is null or rules.grain = 'capture_item')
        and (discrepancies.debit_note_no is null or rules.grain in ('rtv', 'debit_line')) as is_keyed,
        discrepancies.discrepancy_qty = abs(discrepancies.expected_qty - discrepancies.observed_qty)
        and discrepancies.is_overlay = rules.is_overlay
        and (discrepancies.liable_role is null or rules.liable_first is not null)
        and (discrepancies.value_minor is null or rules.is_valued) as is_as_seeded
    from discrepancies
    inner join rules
        on discrepancies.rule_code = rules.rule_code

),

final as (

    select *
    from judged
    where
        not is_keyed
        or not is_as_seeded

)

select * from final
