-- One row per goods receipt line.
with

source as (

    select *
    from {{ source('raw', 'goods_receipts') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source.grn_on,
        source.qty,
        source.accepted_qty,
        source.rejected_qty,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.node_code') }} as node_code,
        {{ blank_to_null('source.grn_no') }} as grn_no,
        {{ blank_to_null('source.awb_no') }} as awb_no,
        {{ blank_to_null('source.rtv_no') }} as rtv_no,
        {{ blank_to_null('source.line_no') }} as line_no,
        {{ blank_to_null('source.sku_code') }} as sku_code,
        {{ blank_to_null('source.batch_no') }} as batch_no,
        {{ blank_to_null('source.disposition') }} as disposition
    from source

),

final as (

    select
        tenant_code,
        node_code,
        grn_no,
        grn_on,
        awb_no,
        rtv_no,
        line_no,
        sku_code,
        batch_no,
        qty,
        accepted_qty,
        rejected_qty,
        disposition,
        _file_id,
        _row_no
    from cleaned

)

select * from final
