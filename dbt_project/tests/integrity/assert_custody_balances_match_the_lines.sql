-- Each account_code of the custody ledger stands where the line says (ruling 60). Returns lines where
-- one does not.
with

lines as (

    select * from {{ ref('fct_rtv_lines') }}

),

movements as (

    select * from {{ ref('fct_custody_movements') }}

),

entries as (

    select
        rtv_line_key,
        split_part(from_account, ':', 1) as account_code,
        -moved_qty as qty
    from movements
    union all
    select
        rtv_line_key,
        split_part(to_account, ':', 1) as account_code,
        moved_qty as qty
    from movements

),

balanced as (

    select
        lines.rtv_line_key,
        lines.declared_qty,
        lines.accepted_qty,
        lines.pending_qty,
        lines.condition_failed_qty
        + lines.excess_qty
        + lines.substituted_qty
        + lines.foreign_qty as rejected_qty,
        lines.short_qty + lines.wrong_item_in_place_qty as shortage_qty,
        lines.excess_qty + lines.substituted_qty + lines.foreign_qty as beyond_qty,
        coalesce(sum(case when entries.account_code = 'platform' then entries.qty end), 0)
            as platform_balance,
        coalesce(sum(case when entries.account_code = 'accepted' then entries.qty end), 0)
            as accepted_balance,
        coalesce(sum(case when entries.account_code = 'rejected' then entries.qty end), 0)
            as rejected_balance,
        coalesce(sum(case when entries.account_code = 'shortage' then entries.qty end), 0)
            as shortage_balance,
        coalesce(sum(case when entries.account_code = 'pending' then entries.qty end), 0)
            as pending_balance,
        coalesce(sum(case when entries.account_code = 'excess' then entries.qty end), 0)
            as excess_balance,
        coalesce(sum(case when entries.account_code = 'transporter' then entries.qty end), 0)
            as transporter_balance,
        coalesce(sum(case when entries.account_code = 'gate' then entries.qty end), 0)
            as gate_balance,
        coalesce(sum(case when entries.account_code = 'bay' then entries.qty end), 0)
            as bay_balance
    from lines
    left join entries
        on lines.rtv_line_key = entries.rtv_line_key
    group by 1, 2, 3, 4, 5, 6, 7

)

select * from balanced
where
    platform_balance <> -declared_qty
    or accepted_balance <> accepted_qty
    or rejected_balance <> rejected_qty
    or shortage_balance <> shortage_qty
    or pending_balance <> pending_qty
    or excess_balance <> -beyond_qty
    or transporter_balance <> 0
    or gate_balance <> 0
    or bay_balance <> 0
