-- Units of a line that went missing on a leg, by the role that bears them (rulings 28 to 35, 60). One row per
-- RTV line with such units.
with

legs as (

    select * from {{ ref('int_rtv_line_legs__explained') }}
    where is_complete

),

gate_shorts as (

    select * from {{ ref('int_discrepancies__carton_short_at_gate') }}

),

consignments as (

    select * from {{ ref('int_consignments__listed') }}

),

final as (

    select
        legs.line_key,
        sum(
            case
                when legs.rule_code in ('duplicate_manifest', 'debit_without_goods', 'carton_short_at_pickup')
                    then legs.explained_qty
                else 0
            end
        ) as platform_short_qty,
        sum(
            case
                when legs.rule_code in ('consignment_lost', 'carton_lost_in_transit') then legs.explained_qty
                else 0
            end
        ) as transporter_short_qty,
        sum(case when legs.rule_code = 'carton_short_at_gate' then legs.explained_qty else 0 end)
            as gate_short_qty,
        max(gate_shorts.liable_role) as gate_short_role
    from legs
    left join consignments
        on legs.consignment_key = consignments.consignment_key
    left join gate_shorts
        on
            legs.rule_code = 'carton_short_at_gate'
            and {{ discrepancy_key("'carton_short_at_gate'", 'consignment', 'consignments') }}
            = gate_shorts.discrepancy_key
    group by legs.line_key

)

select * from final
