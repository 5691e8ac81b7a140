-- Every unit captured for a known RTV is received on exactly one line. Returns tenants where the sums
-- differ.
with

units as (

    select * from {{ ref('int_units__listed') }}

),

lines as (

    select * from {{ ref('fct_rtv_lines') }}

),

counted as (

    select
        tenant_code,
        sum(qty) as captured_qty,
        0 as received_qty
    from units
    group by tenant_code
    union all
    select
        tenant_code,
        0 as captured_qty,
        sum(received_qty) as received_qty
    from lines
    group by tenant_code

)

select
    tenant_code,
    sum(captured_qty) as captured_qty,
    sum(received_qty) as received_qty
from counted
group by tenant_code
having sum(captured_qty) <> sum(received_qty)
