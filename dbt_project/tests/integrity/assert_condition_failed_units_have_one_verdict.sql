-- The condition-failed units of a line are exactly those of its condition discrepancies. Returns lines that
-- differ.
with

lines as (

    select * from {{ ref('fct_rtv_lines') }}

),

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

judged as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        coalesce(batch_no, '') as batch_text,
        sum(discrepancy_qty) as judged_qty
    from discrepancies
    where
        rule_code in (
            'used_or_tampered',
            'expired',
            'damaged',
            'kit_incomplete',
            'near_expiry',
            'batch_mismatch',
            'mrp_mismatch'
        )
    group by tenant_code, platform_code, rtv_no, sku_code, coalesce(batch_no, '')

)

select
    lines.rtv_line_key,
    lines.condition_failed_qty,
    judged.judged_qty
from lines
left join judged
    on
        lines.tenant_code = judged.tenant_code
        and lines.platform_code = judged.platform_code
        and lines.rtv_no = judged.rtv_no
        and lines.sku_code = judged.sku_code
        and coalesce(lines.batch_no, '') = judged.batch_text
where lines.condition_failed_qty <> coalesce(judged.judged_qty, 0)
