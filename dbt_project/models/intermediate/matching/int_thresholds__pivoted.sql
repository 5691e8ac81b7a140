-- The seed's thresholds side by side. One row in all.
{% set thresholds = ['pickup_due_days', 'lost_after_days', 'manifest_grace_days', 'weight_tolerance_pct',
    'min_shelf_life_pct', 'cap_pct', 'delivery_due_days', 'qc_due_hours'] %}
with

thresholds as (

    select * from {{ ref('thresholds') }}

),

final as (

    select
        {% for threshold in thresholds -%}
            max(case when threshold_code = '{{ threshold }}' then threshold_value end) as {{ threshold }},
        {% endfor -%}
        max(case when threshold_code = 'fit_window_days' then threshold_value end) as fit_window_days
    from thresholds

)

select * from final
