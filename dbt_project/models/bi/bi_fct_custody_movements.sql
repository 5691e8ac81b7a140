-- Relation fct_custody_movements of the star schema for BI tools: amounts in currency units, local times.
with

custody_movements as (

    select * from {{ ref('fct_custody_movements') }}

),

final as (

    select
        custody_movement_key,
        rtv_line_key,
        tenant_code,
        platform_code,
        rtv_no,
        sku_code,
        batch_no,
        movement_no,
        from_account,
        to_account,
        moved_qty,
        leg,
        awb_no,
        {{ local_time('moved_at') }} as moved_local_at
    from custody_movements

)

select * from final
