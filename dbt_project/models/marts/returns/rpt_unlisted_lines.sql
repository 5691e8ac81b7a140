-- Manifest lines whose article no listing and no GTIN names: they take part in nothing until one does (ruling
-- 5). One row per manifest line.
with

manifests as (

    select * from {{ ref('stg_rtv__rtv_manifests') }}

),

mapped as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

final as (

    select
        {{ surrogate_key([
            'manifests.tenant_code', 'manifests.platform_code', 'manifests.rtv_no', 'manifests.line_no'
        ]) }} as unlisted_line_key,
        manifests.tenant_code,
        manifests.platform_code,
        manifests.rtv_no,
        manifests.line_no,
        manifests.platform_sku,
        manifests.gtin,
        {{ typed('count', 'manifests.qty') }} as declared_qty,
        manifests.created_at,
        manifests._file_id,
        manifests._row_no
    from manifests
    left join mapped
        on
            manifests.tenant_code = mapped.tenant_code
            and manifests.platform_code = mapped.platform_code
            and manifests.rtv_no = mapped.rtv_no
            and manifests.line_no = mapped.line_no
    where mapped.line_no is null

)

select * from final
