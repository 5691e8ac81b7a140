-- Undeclared consignments that turn out to be a declared one, by a scanned number or by fit. One row per
-- undeclared consignment so found.
with

sightings as (

    select * from {{ ref('int_sightings__identified') }}

),

numbered as (

    select * from {{ ref('int_sightings__numbered') }}

),

fitted as (

    select * from {{ ref('int_consignments__fitted') }}

),

folded_by_number as (

    select
        sightings.undeclared_consignment_key,
        min(numbered.consignment_key) as consignment_key,
        bool_or(numbered.is_contradicted) as is_contradicted
    from sightings
    inner join numbered
        on sightings.sighting_key = numbered.sighting_key
    where sightings.undeclared_consignment_key is not null
    group by sightings.undeclared_consignment_key
    having count(distinct numbered.consignment_key) = 1

),

final as (

    select
        undeclared_consignment_key,
        consignment_key,
        'rtv_no' as match_method,
        is_contradicted
    from folded_by_number
    union all
    select
        fitted.undeclared_consignment_key,
        fitted.consignment_key,
        'fit' as match_method,
        false as is_contradicted
    from fitted
    left join folded_by_number
        on fitted.undeclared_consignment_key = folded_by_number.undeclared_consignment_key
    where folded_by_number.undeclared_consignment_key is null

)

select * from final
