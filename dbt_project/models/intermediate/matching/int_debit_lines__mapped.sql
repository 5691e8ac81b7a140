-- Debit note lines with the SKU of the listing in force at their RTV (rulings 5, 14). One row per debit
-- line.
with

debit_notes as (

    select * from {{ ref('stg_rtv__debit_notes') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__declared') }}

),

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

listings as (

    select * from {{ ref('stg_rtv__listings') }}

),

dated as (

    select
        debit_notes.*,
        {{ surrogate_key(['debit_notes.tenant_code', 'debit_notes.platform_code', 'debit_notes.rtv_no']) }}
            as rtv_key,
        rtvs.rtv_key is not null as is_rtv_known,
        coalesce(rtvs.is_duplicate, false) as is_duplicate_rtv,
        coalesce(rtvs.created_on, debit_notes.debited_on) as read_on
    from debit_notes
    left join rtvs
        on
            debit_notes.tenant_code = rtvs.tenant_code
            and debit_notes.platform_code = rtvs.platform_code
            and debit_notes.rtv_no = rtvs.rtv_no

),

named_by_manifest as (

    select
        rtv_key,
        platform_sku,
        min(sku_code) as sku_code
    from manifest_lines
    group by rtv_key, platform_sku

),

named_by_listing as (

    select
        dated.tenant_code,
        dated.platform_code,
        dated.debit_note_no,
        dated.line_no,
        listings.sku_code,
        row_number() over (
            partition by dated.tenant_code, dated.platform_code, dated.debit_note_no, dated.line_no
            order by coalesce(listings.effective_from, date '0001-01-01') desc
        ) as listing_rank
    from dated
    inner join listings
        on
            dated.tenant_code = listings.tenant_code
            and dated.platform_code = listings.platform_code
            and dated.platform_sku = listings.platform_sku
            and coalesce(listings.effective_from, date '0001-01-01') <= dated.read_on

),

final as (

    select
        {{ surrogate_key([
            'dated.tenant_code', 'dated.platform_code', 'dated.debit_note_no', 'dated.line_no',
        ]) }}
            as debit_line_key,
        dated.rtv_key,
        dated.tenant_code,
        dated.platform_code,
        dated.debit_note_no,
        dated.line_no as debit_line_no,
        dated.rtv_no,
        dated.platform_sku,
        coalesce(named_by_listing.sku_code, named_by_manifest.sku_code) as sku_code,
        dated.currency_code,
        dated.debited_on,
        dated.qty,
        dated.unit_value_minor,
        dated.tax_amount_minor,
        dated.total_amount_minor,
        dated.is_rtv_known,
        dated.is_duplicate_rtv
    from dated
    left join named_by_listing
        on
            dated.tenant_code = named_by_listing.tenant_code
            and dated.platform_code = named_by_listing.platform_code
            and dated.debit_note_no = named_by_listing.debit_note_no
            and dated.line_no = named_by_listing.line_no
            and named_by_listing.listing_rank = 1
    left join named_by_manifest
        on
            dated.rtv_key = named_by_manifest.rtv_key
            and dated.platform_sku = named_by_manifest.platform_sku

)

select * from final
