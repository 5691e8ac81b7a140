-- Undeclared consignments that exactly one waiting RTV fits (step 4, ruling 18). One row per consignment so
-- fitted.
with

received as (

    select * from {{ ref('int_undeclared_consignments__received') }}

),

scanned as (

    select * from {{ ref('int_undeclared_consignments__scanned') }}

),

waiting as (

    select * from {{ ref('int_consignment_rtvs__waiting') }}

),

manifest_lines as (

    select * from {{ ref('int_manifest_lines__mapped') }}

),

thresholds as (

    select * from {{ ref('int_thresholds__pivoted') }}

),

fitting as (

    select
        received.undeclared_consignment_key,
        waiting.consignment_key,
        waiting.rtv_key,
        received.handover_at,
        count(*) over (partition by received.undeclared_consignment_key) as fit_count
    from received
    cross join thresholds
    inner join waiting
        on
            received.tenant_code = waiting.tenant_code
            and received.node_code = waiting.destination_node
            and received.gate_cartons = waiting.declared_cartons
            and received.handover_at >= waiting.first_created_at
            and received.handover_at
            <= waiting.first_created_at + thresholds.fit_window_days * interval '24 hours'
    where coalesce(received.origin_node = waiting.origin_node, true)

),

manifest_skus as (

    select distinct
        rtv_key,
        sku_code
    from manifest_lines

),

overlapping as (

    select
        fitting.undeclared_consignment_key,
        fitting.consignment_key,
        fitting.rtv_key,
        fitting.handover_at,
        count(scanned.sku_code) as scanned_count,
        count(manifest_skus.sku_code) as declared_count
    from fitting
    inner join scanned
        on fitting.undeclared_consignment_key = scanned.undeclared_consignment_key
    left join manifest_skus
        on
            fitting.rtv_key = manifest_skus.rtv_key
            and scanned.sku_code = manifest_skus.sku_code
    where fitting.fit_count = 1
    group by
        fitting.undeclared_consignment_key,
        fitting.consignment_key,
        fitting.rtv_key,
        fitting.handover_at

),

first_come as (

    select
        *,
        row_number() over (
            partition by consignment_key
            order by handover_at, undeclared_consignment_key
        ) as arrival_rank
    from overlapping
    where declared_count * 2 >= scanned_count

),

final as (

    select
        undeclared_consignment_key,
        consignment_key,
        rtv_key
    from first_come
    where arrival_rank = 1

)

select * from final
