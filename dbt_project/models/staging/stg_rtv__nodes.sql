-- One row per node.
with

source as (

    select *
    from {{ source('raw', 'nodes') }}
    where _superseded_at is null

),

cleaned as (

    select
        source.tenant_code,
        source._file_id,
        source._row_no,
        {{ blank_to_null('source.node_code') }} as node_code,
        {{ blank_to_null('source.node_name') }} as node_name,
        {{ blank_to_null('source.node_role') }} as node_role,
        {{ blank_to_null('source.party_code') }} as party_code,
        {{ blank_to_null('source.timezone') }} as timezone,
        {{ blank_to_null('source.city') }} as city
    from source

),

final as (

    select
        tenant_code,
        node_code,
        node_name,
        node_role,
        party_code,
        timezone,
        city,
        _file_id,
        _row_no
    from cleaned

)

select * from final
