-- What the gate says of a consignment: cartons, weight, seal, remark, where and when. One row per
-- consignment with gate receipts.
with

sightings as (

    select * from {{ ref('int_sightings__matched') }}

),

receipts as (

    select * from {{ ref('stg_rtv__gate_receipts') }}

),

footage as (

    select * from {{ ref('stg_rtv__footage') }}

),

clean_remarks as (

    select * from {{ ref('clean_pod_remarks') }}

),

matched as (

    select
        receipts.*,
        sightings.consignment_key,
        sightings.rtv_key,
        receipts.pod_remark is not null
        and not exists (
            select 1
            from clean_remarks
            where {{ words_of('receipts.pod_remark') }} = {{ words_of('clean_remarks.clean_pod_remark') }}
        ) as is_remarked,
        exists(
            select 1
            from footage
            where
                footage.tenant_code = receipts.tenant_code
                and footage.camera_code = receipts.camera_code
                and footage.started_at <= receipts.handover_at
                and coalesce(footage.ended_at >= receipts.handover_at, true)
        ) as is_filmed,
        row_number() over (
            partition by sightings.consignment_key
            order by receipts.handover_at, receipts.receipt_id
        ) as receipt_rank
    from sightings
    inner join receipts
        on
            sightings.tenant_code = receipts.tenant_code
            and sightings.sighting_id = receipts.receipt_id
    where sightings.sighting_kind = 'receipt'

),

final as (

    select
        consignment_key,
        tenant_code,
        max(case when receipt_rank = 1 then node_code end) as node_code,
        max(case when receipt_rank = 1 then bay_code end) as bay_code,
        max(case when receipt_rank = 1 then camera_code end) as camera_code,
        count(*)::bigint as receipt_count,
        sum(cartons_received)::bigint as gate_cartons,
        case when bool_and(weight_kg is not null) then sum(weight_kg) end as gate_weight_kg,
        sum(case when seal_state in ('broken', 'missing') then 1 else 0 end)::bigint
            as unsealed_receipt_count,
        min(case when seal_state in ('broken', 'missing') then seal_state end) as gate_seal_state,
        bool_or(is_remarked) as is_gate_remarked,
        min(case when is_remarked then pod_remark end) as gate_remark,
        bool_or(is_filmed) as is_gate_filmed,
        min(handover_at) as first_handover_at,
        max(handover_at) as last_handover_at
    from matched
    group by consignment_key, tenant_code

)

select * from final
