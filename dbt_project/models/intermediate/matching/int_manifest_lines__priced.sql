-- Manifest lines whose source cannot know a unit's value (a removal report), with the price of the newest
-- dispatch up to their day. One row per such line that a dispatch has a price for.
with

manifest_lines as (

    select * from {{ ref('int_manifest_lines__identified') }}

),

dispatches as (

    select * from {{ ref('stg_rtv__dispatches') }}

),

ranked as (

    select
        manifest_lines.tenant_code,
        manifest_lines.platform_code,
        manifest_lines.rtv_no,
        manifest_lines.line_no,
        dispatches.unit_price_minor,
        row_number() over (
            partition by
                manifest_lines.tenant_code,
                manifest_lines.platform_code,
                manifest_lines.rtv_no,
                manifest_lines.line_no
            order by dispatches.invoice_on desc, dispatches.invoice_no desc, dispatches.invoice_line_no desc
        ) as price_rank
    from manifest_lines
    inner join dispatches
        on
            manifest_lines.tenant_code = dispatches.tenant_code
            and manifest_lines.platform_code = dispatches.platform_code
            and manifest_lines.sku_code = dispatches.sku_code
            and manifest_lines.created_on >= dispatches.invoice_on
    where manifest_lines.unit_value_minor is null

),

final as (

    select
        tenant_code,
        platform_code,
        rtv_no,
        line_no,
        unit_price_minor
    from ranked
    where price_rank = 1

)

select * from final
