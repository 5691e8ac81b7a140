-- Return documents, duplicates told apart (ruling 37). One row per RTV.
with

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

summed as (

    select
        rtv_key,
        tenant_code,
        platform_code,
        rtv_no,
        min(revision_no) as revision_no,
        min(ownership_model) as ownership_model,
        min(origin_node) as origin_node,
        min(destination_node) as destination_node,
        min(currency_code) as currency_code,
        min(created_on) as created_on,
        min(first_created_at) as first_created_at,
        sum(qty)::bigint as declared_qty,
        sum(qty * unit_value_minor)::bigint as declared_value_minor,
        bool_and(awb_no is not null) as is_awb_declared,
        bool_and(carton_no is not null) as is_carton_named,
        string_agg(distinct coalesce(transporter_code, '') || ':' || awb_no, '|') as awb_signature,
        string_agg(
            sku_code || ':' || coalesce(batch_no, '-') || ':' || qty::text, '|'
            order by sku_code, batch_no, qty
        ) as line_signature
    from manifest_lines
    group by rtv_key, tenant_code, platform_code, rtv_no

),

ranked as (

    select
        *,
        first_value(rtv_no) over (
            partition by tenant_code, platform_code, is_awb_declared, awb_signature, line_signature
            order by first_created_at, rtv_no
        ) as original_rtv_no
    from summed

),

final as (

    select
        rtv_key,
        tenant_code,
        platform_code,
        rtv_no,
        revision_no,
        ownership_model,
        origin_node,
        destination_node,
        currency_code,
        declared_qty,
        declared_value_minor,
        is_carton_named,
        created_on,
        first_created_at,
        case when is_awb_declared and original_rtv_no <> rtv_no then original_rtv_no end as original_rtv_no,
        is_awb_declared and original_rtv_no <> rtv_no as is_duplicate
    from ranked

)

select * from final
