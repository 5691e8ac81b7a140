-- The consignments whose events start the clocks of a discrepancy: the one it names, else those that declare
-- units of its line, else those of its RTV (rulings 41, 56). One row per discrepancy and consignment.
with

discrepancies as (

    select * from {{ ref('int_discrepancies__unioned') }}

),

consignments as (

    select * from {{ ref('int_consignments__counted') }}

),

rtv_lines as (

    select * from {{ ref('int_rtv_lines__demanded') }}

),

line_consignments as (

    select * from {{ ref('int_rtv_line_consignments__declared') }}

),

rtv_consignments as (

    select * from {{ ref('int_consignment_rtvs__declared') }}

),

named as (

    select
        discrepancies.discrepancy_key,
        consignments.consignment_key
    from discrepancies
    inner join consignments
        on
            discrepancies.tenant_code = consignments.tenant_code
            and discrepancies.awb_no = consignments.awb_no
            and discrepancies.transporter_code is not distinct from consignments.transporter_code

),

declared_for_line as (

    select
        discrepancies.discrepancy_key,
        line_consignments.consignment_key
    from discrepancies
    inner join rtv_lines
        on
            discrepancies.tenant_code = rtv_lines.tenant_code
            and discrepancies.platform_code = rtv_lines.platform_code
            and discrepancies.rtv_no = rtv_lines.rtv_no
            and discrepancies.sku_code = rtv_lines.sku_code
            and discrepancies.batch_no is not distinct from rtv_lines.batch_no
    inner join line_consignments
        on rtv_lines.rtv_line_key = line_consignments.line_key

),

declared_for_rtv as (

    select
        discrepancies.discrepancy_key,
        rtv_consignments.consignment_key
    from discrepancies
    inner join rtv_consignments
        on
            discrepancies.tenant_code = rtv_consignments.tenant_code
            and discrepancies.platform_code = rtv_consignments.platform_code
            and discrepancies.rtv_no = rtv_consignments.rtv_no

),

stacked as (

    {% for relation in ['named', 'declared_for_line', 'declared_for_rtv'] -%}
        select
            discrepancy_key,
            consignment_key,
            {{ loop.index }} as nearness
        from {{ relation }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}

),

ranked as (

    select
        *,
        rank() over (
            partition by discrepancy_key
            order by nearness
        ) as nearness_rank
    from stacked

),

final as (

    select
        discrepancy_key,
        consignment_key
    from ranked
    where nearness_rank = 1

)

select * from final
