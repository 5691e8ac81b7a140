-- Unseen units that lay in named cartons which never arrived, dealt to the legs by carton number (ruling
-- 29). One row per RTV line, consignment and leg.
with

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

unseen as (

    select * from {{ ref('int_rtv_line_consignments__unseen') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

sightings as (

    select * from {{ ref('int_sightings__matched') }}

),

captures as (

    select * from {{ ref('stg_rtv__qc_captures') }}

),

opened as (

    select distinct
        sightings.consignment_key,
        captures.carton_no
    from sightings
    inner join captures
        on
            sightings.tenant_code = captures.tenant_code
            and sightings.sighting_id = captures.capture_id
    where sightings.sighting_kind = 'capture'

),

named_cartons as (

    select
        manifest_lines.consignment_key,
        manifest_lines.line_key,
        manifest_lines.carton_no,
        sum(manifest_lines.qty) as carton_qty
    from manifest_lines
    inner join consignments
        on manifest_lines.consignment_key = consignments.consignment_key
    left join opened
        on
            manifest_lines.consignment_key = opened.consignment_key
            and manifest_lines.carton_no = opened.carton_no
    where
        consignments.is_carton_named
        and (consignments.capture_count = 0 or consignments.is_any_capture_named)
        and not consignments.is_lost
        and opened.carton_no is null
    group by manifest_lines.consignment_key, manifest_lines.line_key, manifest_lines.carton_no

),

ranked as (

    select
        *,
        dense_rank() over (
            partition by consignment_key
            order by length(carton_no), carton_no
        ) as carton_rank
    from named_cartons

),

legged as (

    select
        ranked.line_key,
        ranked.consignment_key,
        ranked.carton_qty,
        case
            when ranked.carton_rank <= consignments.missing_at_pickup_cartons then 1
            when
                ranked.carton_rank
                <= consignments.missing_at_pickup_cartons + consignments.missing_in_transit_cartons
                then 2
            when
                ranked.carton_rank
                <= consignments.missing_at_pickup_cartons
                + consignments.missing_in_transit_cartons
                + consignments.missing_at_gate_cartons
                then 3
        end as leg_no
    from ranked
    inner join consignments
        on ranked.consignment_key = consignments.consignment_key

),

dealt as (

    select
        line_key,
        consignment_key,
        leg_no,
        sum(carton_qty) as carton_qty
    from legged
    group by line_key, consignment_key, leg_no

),

accumulated as (

    select
        dealt.*,
        unseen.unseen_qty,
        sum(dealt.carton_qty) over (
            partition by dealt.line_key, dealt.consignment_key
            order by dealt.leg_no
        ) - dealt.carton_qty as carton_qty_before
    from dealt
    inner join unseen
        on
            dealt.line_key = unseen.line_key
            and dealt.consignment_key = unseen.consignment_key
    where dealt.leg_no is not null

),

final as (

    select
        line_key,
        consignment_key,
        leg_no,
        least(carton_qty, greatest(unseen_qty - carton_qty_before, 0))::bigint as explained_qty
    from accumulated

)

select * from final
