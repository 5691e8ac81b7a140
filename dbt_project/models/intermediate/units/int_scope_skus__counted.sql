-- What is declared and what was captured of an article where its captures tell the RTV, else on their
-- consignment (ruling 50). One row per scope and SKU; the scope is the RTV or the consignment.
with

items as (

    select * from {{ ref('int_captured_items__judged') }}

),

capture_rtvs as (

    select * from {{ ref('int_capture_rtvs__matched') }}

),

lines as (

    select * from {{ ref('int_rtv_lines__declared') }}

),

scoped as (

    select
        tenant_code,
        capture_id,
        sku_code,
        qty,
        condition_verdict,
        coalesce(sole_rtv_key, consignment_key) as scope_key
    from items
    where sku_code is not null

),

scope_rtvs as (

    select distinct
        scoped.tenant_code,
        scoped.scope_key,
        capture_rtvs.rtv_key
    from scoped
    inner join capture_rtvs
        on
            scoped.tenant_code = capture_rtvs.tenant_code
            and scoped.capture_id = capture_rtvs.capture_id

),

declared as (

    select
        scope_rtvs.tenant_code,
        scope_rtvs.scope_key,
        lines.sku_code,
        cast(sum(lines.declared_qty) as bigint) as declared_qty
    from scope_rtvs
    inner join lines
        on scope_rtvs.rtv_key = lines.rtv_key
    where not lines.is_duplicate
    group by scope_rtvs.tenant_code, scope_rtvs.scope_key, lines.sku_code

),

captured as (

    select
        tenant_code,
        scope_key,
        sku_code,
        cast(sum(qty) as bigint) as captured_qty,
        cast(sum(case when condition_verdict is null then qty else 0 end) as bigint) as sound_qty
    from scoped
    group by tenant_code, scope_key, sku_code

),

final as (

    select
        declared.declared_qty,
        captured.captured_qty,
        captured.sound_qty,
        coalesce(declared.tenant_code, captured.tenant_code) as tenant_code,
        coalesce(declared.scope_key, captured.scope_key) as scope_key,
        coalesce(declared.sku_code, captured.sku_code) as sku_code
    from declared
    full outer join captured
        on
            declared.scope_key = captured.scope_key
            and declared.sku_code = captured.sku_code

)

select * from final
