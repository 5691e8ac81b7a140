-- Units moved from one account to another, as double entry; every line sums to zero. One row per movement
-- of an RTV line.
with

movements as (

    select * from {{ ref('int_custody_movements__posted') }}

),

final as (

    select
        {{ surrogate_key(['tenant_code', 'platform_code', 'rtv_no', 'sku_code', 'batch_no', 'movement_no']) }}
            as custody_movement_key,
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
        moved_at
    from movements

)

select * from final
