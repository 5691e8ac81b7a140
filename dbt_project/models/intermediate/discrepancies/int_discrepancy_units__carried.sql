-- The units that the rules of cartons and lost consignments stand for, per line (rulings 29, 30). One row per
-- discrepancy of a consignment and RTV line.
with

legs as (

    select * from {{ ref('int_rtv_line_legs__explained') }}

),

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

consignments as (

    select * from {{ ref('int_consignments__listed') }}

),

joined as (

    select
        lines.tenant_code,
        legs.rule_code,
        consignments.transporter_code,
        consignments.awb_no,
        lines.platform_code,
        lines.rtv_no,
        lines.sku_code,
        lines.batch_no,
        legs.explained_qty
    from legs
    inner join lines
        on legs.line_key = lines.rtv_line_key
    inner join consignments
        on legs.consignment_key = consignments.consignment_key

),

final as (

    select
        tenant_code,
        {{ discrepancy_key('rule_code', 'consignment') }} as discrepancy_key,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        {{ typed('text') }} as grade,
        explained_qty as valued_qty
    from joined

)

select * from final
