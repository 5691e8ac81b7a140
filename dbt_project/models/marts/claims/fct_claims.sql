-- Claims as they stand. One row per claim.
with

claims as (

    select * from {{ source('ops', 'claims') }}

),

claim_lines as (

    select * from {{ source('ops', 'claim_lines') }}

),

lines_counted as (

    select
        claim_id,
        count(*) as line_count
    from claim_lines
    group by claim_id

),

final as (

    select
        {{ surrogate_key(['claims.tenant_code', 'claims.claim_no']) }} as claim_key,
        claims.tenant_code,
        claims.claim_id,
        claims.claim_no,
        claims.party_code,
        claims.platform_code,
        claims.rtv_no,
        claims.claim_reason,
        claims.claim_status,
        claims.currency_code,
        coalesce(lines_counted.line_count, 0) as line_count,
        claims.claimed_minor,
        claims.row_version,
        claims.is_terms_unverified,
        claims.bundle_key,
        claims.bundle_sha256,
        claims.due_at,
        claims.created_at,
        claims.updated_at
    from claims
    left join lines_counted
        on claims.claim_id = lines_counted.claim_id

)

select * from final
