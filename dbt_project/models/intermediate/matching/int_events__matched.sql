-- Transporter events that move a return, with its consignment (ruling 7). One row per event.
with

events as (

    select * from {{ ref('stg_rtv__transporter_events') }}

),

matched as (

    select * from {{ ref('int_awbs__matched') }}

),

undeclared as (

    select * from {{ ref('int_consignments__undeclared') }}

),

folded as (

    select * from {{ ref('int_consignments__folded') }}

),

declared as (

    select
        tenant_code,
        transporter_code,
        awb_no,
        min(consignment_key) as consignment_key
    from matched
    where transporter_code is not null
    group by tenant_code, transporter_code, awb_no

),

resolved as (

    select
        events.*,
        coalesce(declared.consignment_key, folded.consignment_key, undeclared.consignment_key)
            as consignment_key
    from events
    left join declared
        on
            events.tenant_code = declared.tenant_code
            and events.transporter_code = declared.transporter_code
            and events.awb_no = declared.awb_no
    left join undeclared
        on
            events.tenant_code = undeclared.tenant_code
            and events.transporter_code = undeclared.observed_transporter_code
            and events.awb_no = undeclared.observed_awb_no
            and declared.consignment_key is null
    left join folded
        on undeclared.consignment_key = folded.undeclared_consignment_key
    where coalesce(events.leg, 'rtv') = 'rtv'

),

final as (

    select
        consignment_key,
        tenant_code,
        transporter_code,
        awb_no,
        status,
        reason,
        responsible,
        place,
        remark,
        signed_by,
        seal_state,
        cartons,
        weight_kg,
        event_at
    from resolved
    where consignment_key is not null

)

select * from final
