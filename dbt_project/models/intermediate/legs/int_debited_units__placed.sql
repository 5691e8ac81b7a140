-- Debited units of RTVs on which nothing moved or which repeat another, laid on their lines in batch order
-- (rulings 14, 36, 37). One row per RTV, SKU and batch.
with

debit_lines as (

    select * from {{ ref('int_debit_lines__mapped') }}

),

declared_lines as (

    select * from {{ ref('int_rtv_lines__declared') }}

),

rtvs as (

    select * from {{ ref('int_rtvs__evidenced') }}

),

debited as (

    select
        rtv_key,
        sku_code,
        sum(qty) as debited_qty
    from debit_lines
    where sku_code is not null
    group by rtv_key, sku_code

),

ranged as (

    select
        rtvs.rtv_key,
        rtvs.tenant_code,
        rtvs.platform_code,
        rtvs.rtv_no,
        rtvs.is_duplicate,
        debited.sku_code,
        declared_lines.batch_no,
        rtvs.is_declared,
        debited.debited_qty,
        declared_lines.declared_qty,
        coalesce(
            sum(declared_lines.declared_qty) over (
                partition by rtvs.rtv_key, debited.sku_code
                order by declared_lines.batch_no
            ) - declared_lines.declared_qty,
            0
        ) as declared_before
    from rtvs
    inner join debited
        on rtvs.rtv_key = debited.rtv_key
    left join declared_lines
        on
            debited.rtv_key = declared_lines.rtv_key
            and debited.sku_code = declared_lines.sku_code
    where
        rtvs.is_without_goods
        or rtvs.is_duplicate

),

final as (

    select
        rtv_key,
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        is_duplicate,
        case
            when is_declared then least(declared_qty, greatest(debited_qty - declared_before, 0))
            else debited_qty
        end::bigint as debited_qty
    from ranged
    where
        declared_qty is not null
        or not is_declared

)

select * from final
