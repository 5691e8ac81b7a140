-- How the captures of a line were matched, by the weakest of them; a line without units of its own has the
-- captures of its RTV (ruling 21). One row per RTV line that a capture speaks of.
with

lines as (

    select * from {{ ref('int_rtv_lines__seen') }}

),

unit_lines as (

    select * from {{ ref('int_unit_lines__assigned') }}

),

items as (

    select * from {{ ref('int_captured_items__assembled') }}

),

capture_rtvs as (

    select * from {{ ref('int_capture_rtvs__matched') }}

),

sightings as (

    select * from {{ ref('int_sightings__matched') }}

),

captured_on as (

    select distinct
        unit_lines.line_key,
        items.tenant_code,
        items.capture_id
    from unit_lines
    inner join items
        on unit_lines.captured_item_key = items.captured_item_key

),

all_captures as (

    select * from captured_on
    union
    select
        lines.line_key,
        capture_rtvs.tenant_code,
        capture_rtvs.capture_id
    from lines
    inner join capture_rtvs
        on lines.rtv_key = capture_rtvs.rtv_key
    left join captured_on
        on lines.line_key = captured_on.line_key
    where captured_on.line_key is null

),

final as (

    select
        all_captures.line_key,
        max(
            case sightings.match_method
                when 'rtv_no' then 1
                when 'awb_exact' then 2
                when 'awb_alias' then 3
                when 'fit' then 4
                else 5
            end
        ) as method_no,
        bool_or(sightings.is_contradicted) as is_contradicted
    from all_captures
    inner join sightings
        on
            all_captures.tenant_code = sightings.tenant_code
            and all_captures.capture_id = sightings.sighting_id
            and sightings.sighting_kind = 'capture'
    group by all_captures.line_key

)

select * from final
