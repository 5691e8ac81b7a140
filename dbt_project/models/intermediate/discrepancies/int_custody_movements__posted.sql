-- Double entry of every unit from the platform to where it ended (ruling 60). One row per posting of an RTV
-- line.
with

lines as (

    select * from {{ ref('int_rtv_lines__reconciled') }}

),

legs as (

    select * from {{ ref('int_rtv_line_legs__explained') }}

),

unit_shorts as (

    select * from {{ ref('int_discrepancies__unit_short') }}

),

gate_shorts as (

    select * from {{ ref('int_discrepancies__carton_short_at_gate') }}

),

consignments as (

    select * from {{ ref('int_consignments__listed') }}

),

legged as (

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
            consignments.tenant_code = gate_shorts.tenant_code
            and consignments.awb_no = gate_shorts.awb_no
            and coalesce(consignments.transporter_code, '') = coalesce(gate_shorts.transporter_code, '')
            and legs.rule_code = 'carton_short_at_gate'
    where legs.is_complete
    group by legs.line_key

),

split as (

    select
        lines.*,
        coalesce(legged.platform_short_qty, 0) as platform_short_qty,
        coalesce(legged.transporter_short_qty, 0) as transporter_short_qty,
        coalesce(legged.gate_short_qty, 0) as gate_short_qty,
        coalesce(legged.gate_short_role, 'unknown') as gate_short_role,
        coalesce(unit_shorts.liable_role, 'platform') as unit_short_role,
        lines.excess_qty + lines.substituted_qty + lines.foreign_qty as beyond_qty,
        case when lines.reached_stage = 'declared' then lines.pending_qty else 0 end as pending_platform_qty,
        case when lines.reached_stage in ('picked_up', 'in_transit') then lines.pending_qty else 0 end
            as pending_transporter_qty,
        case when lines.reached_stage in ('delivered', 'at_gate') then lines.pending_qty else 0 end
            as pending_gate_qty,
        case when lines.reached_stage = 'in_qc' then lines.pending_qty else 0 end as pending_bay_qty
    from lines
    left join legged
        on lines.rtv_line_key = legged.line_key
    left join unit_shorts
        on
            {{ surrogate_key(['lines.tenant_code', "'unit_short'", 'lines.platform_code', 'lines.rtv_no',
                'lines.sku_code', 'lines.batch_no']) }} = unit_shorts.discrepancy_key

),

flowed as (

    select
        *,
        declared_qty - platform_short_qty - pending_platform_qty as transported_qty,
        declared_qty - platform_short_qty - pending_platform_qty
        - transporter_short_qty - pending_transporter_qty as delivered_qty,
        declared_qty - platform_short_qty - pending_platform_qty
        - transporter_short_qty - pending_transporter_qty
        - gate_short_qty - pending_gate_qty as opened_qty
    from split

),

posted as (

    {% set postings = [
        ('platform', "'platform'", "'shortage:platform'", 'platform_short_qty', 'first_created_at'),
        ('platform', "'platform'", "'pending:platform'", 'pending_platform_qty', 'first_created_at'),
        ('platform', "'platform'", "'transporter'", 'transported_qty', 'picked_up_at'),
        ('transporter', "'transporter'", "'shortage:transporter'", 'transporter_short_qty', 'delivered_at'),
        ('transporter', "'transporter'", "'pending:transporter'", 'pending_transporter_qty', 'picked_up_at'),
        ('transporter', "'transporter'", "'gate'", 'delivered_qty', 'coalesce(handover_at, delivered_at)'),
        ('gate', "'gate'", "'shortage:' || gate_short_role", 'gate_short_qty', 'handover_at'),
        ('gate', "'gate'", "'pending:gate'", 'pending_gate_qty', 'coalesce(handover_at, delivered_at)'),
        ('gate', "'gate'", "'bay'", 'opened_qty', 'coalesce(window_start_at, handover_at)'),
        ('bay', "'bay'", "'pending:bay'", 'pending_bay_qty', 'coalesce(window_start_at, handover_at)'),
        ('bay', "'bay'", "'shortage:' || unit_short_role", 'unit_short_qty', 'qc_completed_at'),
        ('bay', "'bay'", "'shortage:platform'", 'wrong_item_in_place_qty', 'qc_completed_at'),
        ('bay', "'excess:platform'", "'bay'", 'beyond_qty', 'window_start_at'),
        ('disposition', "'bay'", "'accepted'", 'accepted_qty', 'window_end_at'),
        ('disposition', "'bay'", "'rejected'", 'condition_failed_qty + beyond_qty', 'window_end_at')
    ] -%}
    {% for leg, from_account, to_account, moved_qty, moved_at in postings -%}
        select
            rtv_line_key,
            tenant_code,
            platform_code,
            rtv_no,
            sku_code,
            batch_no,
            {{ loop.index }}::bigint as posting_order,
            {{ from_account }} as from_account,
            {{ to_account }} as to_account,
            ({{ moved_qty }})::bigint as moved_qty,
            '{{ leg }}' as leg,
            awb_no,
            {{ moved_at }} as moved_at
        from flowed
        where {{ moved_qty }} > 0
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}

),

final as (

    select
        *,
        row_number() over (partition by rtv_line_key order by posting_order) as movement_no
    from posted

)

select * from final
