-- Declared and captured units carton by carton, where both sides name every carton of the RTV (ruling 43).
-- One row per RTV, carton and SKU.
with

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

unit_lines as (

    select * from {{ ref('int_unit_lines__assigned') }}

),

items as (

    select * from {{ ref('int_captured_items__assembled') }}

),

captured as (

    select
        unit_lines.rtv_key,
        items.carton_no,
        unit_lines.sku_code,
        0::bigint as declared_qty,
        unit_lines.qty as captured_qty
    from unit_lines
    inner join items
        on unit_lines.captured_item_key = items.captured_item_key
    where unit_lines.sku_code is not null

),

carton_named as (

    select rtvs.rtv_key
    from rtvs
    inner join captured
        on rtvs.rtv_key = captured.rtv_key
    where rtvs.is_carton_named
    group by rtvs.rtv_key
    having bool_and(captured.carton_no is not null)

),

stacked as (

    select * from captured
    union all
    select
        rtv_key,
        carton_no,
        sku_code,
        qty as declared_qty,
        0::bigint as captured_qty
    from manifest_lines

),

final as (

    select
        stacked.rtv_key,
        stacked.carton_no,
        stacked.sku_code,
        sum(stacked.declared_qty)::bigint as declared_qty,
        sum(stacked.captured_qty)::bigint as captured_qty
    from stacked
    inner join carton_named
        on stacked.rtv_key = carton_named.rtv_key
    group by stacked.rtv_key, stacked.carton_no, stacked.sku_code

)

select * from final
