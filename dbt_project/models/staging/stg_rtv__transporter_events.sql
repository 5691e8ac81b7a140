-- One row per event.
{% set zone = "coalesce(zones.timezone, " ~ reporting_timezone() ~ ")" %}
with

source as (

    select *
    from {{ source('raw', 'transporter_events') }}
    where _superseded_at is null

),

zones as (

    select
        manifests.tenant_code,
        manifests.transporter_code,
        manifests.awb_no,
        min(nodes.timezone) as timezone
    from {{ ref('stg_rtv__rtv_manifests') }} as manifests
    inner join {{ ref('stg_rtv__nodes') }} as nodes
        on
            manifests.tenant_code = nodes.tenant_code
            and manifests.destination_node = nodes.node_code
    group by
        manifests.tenant_code,
        manifests.transporter_code,
        manifests.awb_no

),

cleaned as (

    select
        source.tenant_code,
        source.cartons,
        source.weight_kg,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.transporter_code') }} as transporter_code,
        {{ blank_to_null('source.awb_no') }} as awb_no,
        {{ resolved_time('source.event_at', zone) }} as event_at,
        {{ blank_to_null('source.leg') }} as leg,
        {{ blank_to_null('source.status') }} as status,
        {{ blank_to_null('source.reason') }} as reason,
        {{ blank_to_null('source.responsible') }} as responsible,
        {{ blank_to_null('source.place') }} as place,
        {{ blank_to_null('source.raw_code') }} as raw_code,
        {{ blank_to_null('source.raw_text') }} as raw_text,
        {{ blank_to_null('source.remark') }} as remark,
        {{ blank_to_null('source.signed_by') }} as signed_by,
        {{ blank_to_null('source.reference_no') }} as reference_no,
        {{ blank_to_null('source.seal_state') }} as seal_state,
        {{ is_naive('source.event_at') }} as is_naive_time
    from source
    left join zones
        on
            source.tenant_code = zones.tenant_code
            and source.transporter_code = zones.transporter_code
            and source.awb_no = zones.awb_no

),

final as (

    select
        tenant_code,
        transporter_code,
        awb_no,
        event_at,
        leg,
        status,
        reason,
        responsible,
        place,
        cartons,
        weight_kg,
        raw_code,
        raw_text,
        remark,
        signed_by,
        reference_no,
        seal_state,
        is_naive_time,
        _file_id,
        _row_no
    from cleaned

)

select * from final
