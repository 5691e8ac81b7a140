-- Steps of the bay's procedures as they were shown: version, time, operator, and whether the proof each asks
-- was there. One row per step shown in a capture.
with

steps as (

    select * from {{ ref('stg_rtv__qc_capture_sop_steps') }}

),

proven as (

    select * from {{ ref('int_sop_steps__proven') }}

),

captures as (

    select * from {{ ref('stg_rtv__qc_captures') }}

),

sightings as (

    select * from {{ ref('int_sightings__matched') }}

),

consignments as (

    select * from {{ ref('int_consignments__listed') }}

),

keyed as (

    select
        {{ surrogate_key(['tenant_code', 'capture_id', '_position']) }} as sop_step_key,
        steps.*
    from steps

),

final as (

    select
        keyed.sop_step_key,
        keyed.tenant_code,
        consignments.transporter_code,
        consignments.awb_no,
        keyed.capture_id,
        keyed.item_no,
        captures.node_code,
        captures.bay_code,
        captures.station_code,
        captures.operator_code,
        captures.carton_no,
        keyed.sop_code,
        keyed.sop_version,
        keyed.step_no,
        proven.proofs_asked,
        proven.proofs_lacking,
        proven.proof_state,
        keyed.shown_at
    from keyed
    inner join proven
        on keyed.sop_step_key = proven.sop_step_key
    inner join captures
        on
            keyed.tenant_code = captures.tenant_code
            and keyed.capture_id = captures.capture_id
    inner join sightings
        on
            captures.tenant_code = sightings.tenant_code
            and captures.capture_id = sightings.sighting_id
            and sightings.sighting_kind = 'capture'
    inner join consignments
        on sightings.consignment_key = consignments.consignment_key

)

select * from final
