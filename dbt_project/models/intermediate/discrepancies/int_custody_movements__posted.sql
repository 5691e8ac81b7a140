-- Double entry of every unit from the platform to where it ended (ruling 60). One row per posting of an RTV
-- line.
with

flowed as (

    select * from {{ ref('int_rtv_lines__flowed') }}

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
            {{ loop.index }} as posting_order,
            {{ from_account }} as from_account,
            {{ to_account }} as to_account,
            {{ typed('count', moved_qty) }} as moved_qty,
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
