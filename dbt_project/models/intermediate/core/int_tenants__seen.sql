-- Brands that any input names; the default one is always there. One row per tenant.
{% set inputs = [
    'skus', 'parties', 'nodes', 'dispatches', 'rtv_manifests', 'gate_receipts', 'qc_captures', 'debit_notes',
    'transporter_events', 'documents'
] %}
with

named as (

    select 'default' as tenant_code
    {% for input in inputs %}
        union all
        select tenant_code from {{ ref('stg_rtv__' ~ input) }}
    {% endfor %}

),

final as (

    select distinct tenant_code
    from named

)

select * from final
