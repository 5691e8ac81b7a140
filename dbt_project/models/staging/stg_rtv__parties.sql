-- One row per party.
with

source as (

    select *
    from {{ source('raw', 'parties') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.party_code') }} as party_code,
        {{ blank_to_null('source.party_name') }} as party_name,
        {{ blank_to_null('source.party_role') }} as party_role,
        {{ blank_to_null('source.gstin') }} as gstin,
        {{ blank_to_null('source.state_code') }} as state_code
    from source

),

final as (

    select
        tenant_code,
        party_code,
        party_name,
        party_role,
        gstin,
        state_code,
        _file_id,
        _row_no
    from cleaned

)

select * from final
