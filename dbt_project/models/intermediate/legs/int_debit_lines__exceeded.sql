-- Debited units above what the RTV declares of the SKU, debit line after debit line (ruling 36). One row
-- per debit line with such units.
with

debit_lines as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

declared_lines as (

    select * from {{ ref('int_rtv_lines__declared') }}

),

declared as (

    select
        rtv_key,
        sku_code,
        sum(declared_qty) as declared_qty
    from declared_lines
    group by rtv_key, sku_code

),

accumulated as (

    select
        debit_lines.*,
        coalesce(declared.declared_qty, 0) as declared_qty,
        sum(debit_lines.qty) over (
            partition by debit_lines.rtv_key, debit_lines.sku_code
            order by debit_lines.debited_on, debit_lines.debit_note_no, debit_lines.debit_line_no
        ) as debited_so_far
    from debit_lines
    left join declared
        on
            debit_lines.rtv_key = declared.rtv_key
            and debit_lines.sku_code = declared.sku_code
    where
        debit_lines.is_rtv_known
        and not debit_lines.is_duplicate_rtv

),

final as (

    select
        debit_line_key,
        rtv_key,
        tenant_code,
        platform_code,
        debit_note_no,
        debit_line_no,
        rtv_no,
        sku_code,
        debited_on,
        qty,
        least(qty, debited_so_far - declared_qty)::bigint as exceeding_qty
    from accumulated
    where debited_so_far > declared_qty

)

select * from final
