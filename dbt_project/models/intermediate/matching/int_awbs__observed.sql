-- Every AWB that an event, a gate receipt, a capture or a paper names; a paper alone moves nothing. One row
-- per AWB and transporter as observed.
with

events as (

    select * from {{ ref('stg_rtv__transporter_events') }}

),

receipts as (

    select * from {{ ref('stg_rtv__gate_receipts') }}

),

captures as (

    select * from {{ ref('stg_rtv__qc_captures') }}

),

documents as (

    select * from {{ ref('stg_rtv__documents') }}

),

goods_receipts as (

    select * from {{ ref('stg_rtv__goods_receipts') }}

),

observed as (

    select
        tenant_code,
        transporter_code,
        awb_no,
        leg = 'rtv' as is_on_return_leg
    from events
    where coalesce(leg, 'rtv') = 'rtv'
    union all
    select
        tenant_code,
        null as transporter_code,
        awb_no,
        true as is_on_return_leg
    from receipts
    union all
    select
        tenant_code,
        null as transporter_code,
        awb_no,
        true as is_on_return_leg
    from captures
    union all
    select
        tenant_code,
        null as transporter_code,
        awb_no,
        false as is_on_return_leg
    from documents
    union all
    select
        tenant_code,
        null as transporter_code,
        awb_no,
        false as is_on_return_leg
    from goods_receipts

),

final as (

    select
        {{ surrogate_key(['tenant_code', 'transporter_code', 'awb_no']) }} as observed_key,
        tenant_code,
        transporter_code,
        awb_no,
        {{ normal_form('awb_no') }} as awb_normal,
        coalesce(bool_or(is_on_return_leg), false) as is_on_return_leg
    from observed
    where awb_no is not null
    group by tenant_code, transporter_code, awb_no

)

select * from final
