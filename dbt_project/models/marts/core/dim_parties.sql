-- Brands, platforms, transporters and CFAs. One row per party.
with

parties as (

    select * from {{ ref('stg_rtv__parties') }}

),

final as (

    select
        {{ surrogate_key(['tenant_code', 'party_code']) }} as party_key,
        tenant_code,
        party_code,
        party_name,
        party_role,
        gstin,
        state_code
    from parties

)

select * from final
