-- One row per event; what the tenant says of a carrier's code outranks what the file was read as.
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
        {{ normal_form('manifests.awb_no') }} as awb_normal,
        min(nodes.timezone) as timezone
    from {{ ref('stg_rtv__rtv_manifests') }} as manifests
    inner join {{ ref('stg_rtv__nodes') }} as nodes
        on
            manifests.tenant_code = nodes.tenant_code
            and manifests.destination_node = nodes.node_code
    group by
        manifests.tenant_code,
        manifests.transporter_code,
        {{ normal_form('manifests.awb_no') }}

),

statuses as (

    select * from {{ ref('stg_rtv__tracking_statuses') }}

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
            and {{ normal_form('source.awb_no') }} = zones.awb_normal

),

final as (

    select
        cleaned.tenant_code,
        cleaned.transporter_code,
        cleaned.awb_no,
        cleaned.event_at,
        cleaned.place,
        cleaned.cartons,
        cleaned.weight_kg,
        cleaned.raw_code,
        cleaned.raw_text,
        cleaned.remark,
        cleaned.signed_by,
        cleaned.reference_no,
        cleaned.seal_state,
        cleaned.is_naive_time,
        cleaned._file_id,
        cleaned._row_no,
        coalesce(statuses.leg, cleaned.leg) as leg,
        coalesce(statuses.status, cleaned.status) as status,
        coalesce(statuses.reason, cleaned.reason) as reason,
        coalesce(statuses.responsible, cleaned.responsible) as responsible
    from cleaned
    left join statuses
        on
            cleaned.tenant_code = statuses.tenant_code
            and cleaned.transporter_code = statuses.transporter_code
            and {{ code_form('cleaned.raw_code') }} = statuses.raw_code_form

)

select * from final
