-- Relation fct_receipt_comparisons of the star schema for BI tools: amounts in currency units, local times.
with

receipt_comparisons as (

    select * from {{ ref('fct_receipt_comparisons') }}

),

final as (

    select
        receipt_comparison_key,
        tenant_code,
        node_code,
        grn_no,
        awb_no,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        declared_qty,
        received_qty,
        accepted_qty,
        pending_qty,
        grn_qty,
        grn_accepted_qty,
        grn_rejected_qty,
        difference_qty,
        comparison,
        grn_on
    from receipt_comparisons

)

select * from final
