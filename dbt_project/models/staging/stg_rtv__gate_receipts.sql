-- One row per gate receipt.
{% set zone = "coalesce(zones.timezone, " ~ reporting_timezone() ~ ")" %}
with

source as (

    select *
    from {{ source('raw', 'gate_receipts') }}
    where _superseded_at is null

),

zones as (

    select
        tenant_code,
        node_code,
        timezone
    from {{ ref('stg_rtv__nodes') }}

),

cleaned as (

    select
        source.tenant_code,
        source.cartons_received,
        source.weight_kg,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.receipt_id') }} as receipt_id,
        {{ blank_to_null('source.node_code') }} as node_code,
        {{ blank_to_null('source.bay_code') }} as bay_code,
        {{ blank_to_null('source.camera_code') }} as camera_code,
        {{ blank_to_null('source.awb_no') }} as awb_no,
        {{ blank_to_null('source.rtv_no') }} as rtv_no,
        {{ resolved_time('source.handover_at', zone) }} as handover_at,
        {{ blank_to_null('source.seal_state') }} as seal_state,
        {{ blank_to_null('source.pod_remark') }} as pod_remark,
        {{ blank_to_null('source.operator_code') }} as operator_code,
        {{ is_naive('source.handover_at') }} as is_naive_time
    from source
    left join zones
        on
            source.tenant_code = zones.tenant_code
            and source.node_code = zones.node_code

),

final as (

    select
        tenant_code,
        receipt_id,
        node_code,
        bay_code,
        camera_code,
        awb_no,
        rtv_no,
        handover_at,
        cartons_received,
        weight_kg,
        seal_state,
        pod_remark,
        operator_code,
        is_naive_time,
        _file_id,
        _row_no
    from cleaned

)

select * from final
