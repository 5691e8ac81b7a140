-- The audit trail as one hash chain a tenant: what is changed, removed or slipped in later is found.
create table ops.audit_heads (
    tenant_code text primary key,
    chain_no bigint not null default 0,
    row_hash text not null default repeat('0', 64)
);

alter table ops.audit_trail
add column chain_no bigint,
add column previous_hash text,
add column row_hash text;

-- SHA-256 over every column but the hash itself, each with its length before it, so that no two rows read alike.
-- Written down a second time in rtv_core/warehouse/audit_trail.py, which does not trust this one.
create function ops.audit_row_hash(entry ops.audit_trail) returns text language sql stable
set timezone = 'UTC' set datestyle = 'ISO, YMD' as $$
    select encode(sha256(convert_to(string_agg(
        coalesce(octet_length(convert_to(field, 'UTF8')) || ':' || field, '-'), '' order by place
    ), 'UTF8')), 'hex')
    from unnest(array[
        entry.previous_hash, entry.chain_no::text, entry.audit_id::text, entry.tenant_code, entry.actor_kind,
        entry.actor_name, entry.verb, entry.object_kind, entry.object_id, entry.detail::text, entry.happened_at::text
    ]) with ordinality as fields (field, place)
$$;

-- The head's row is held until the transaction ends: writers of one tenant queue, and the chain never forks.
create function ops.link_audit_row() returns trigger language plpgsql as $$
declare
    head record;
begin
    select ctid, chain_no, row_hash into head from ops.audit_heads where tenant_code = new.tenant_code for update;
    if not found then
        insert into ops.audit_heads (tenant_code) values (new.tenant_code) on conflict do nothing;
        select ctid, chain_no, row_hash into strict head
        from ops.audit_heads where tenant_code = new.tenant_code for update;
    end if;
    new.chain_no := head.chain_no + 1;
    new.previous_hash := head.row_hash;
    new.row_hash := ops.audit_row_hash(new);
    -- By place: a transaction of many rows leaves as many dead versions of the head behind its key.
    update ops.audit_heads set chain_no = new.chain_no, row_hash = new.row_hash where ctid = head.ctid;
    if not found then
        raise exception 'the head of % moved while it was held', new.tenant_code;
    end if;
    return new;
end $$;

-- A head moves from within the trigger above alone.
create function ops.refuse_moved_head() returns trigger language plpgsql as $$
begin
    if pg_trigger_depth() < 2 then
        raise exception 'ops.audit_heads moves with the audit trail alone' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

-- Rows written before this migration are linked in the order they were written.
do $$
declare
    entry ops.audit_trail;
    head ops.audit_heads;
begin
    for entry in select * from ops.audit_trail order by audit_id loop
        insert into ops.audit_heads (tenant_code) values (entry.tenant_code) on conflict do nothing;
        select * into strict head from ops.audit_heads where tenant_code = entry.tenant_code;
        entry.chain_no := head.chain_no + 1;
        entry.previous_hash := head.row_hash;
        entry.row_hash := ops.audit_row_hash(entry);
        update ops.audit_trail
        set chain_no = entry.chain_no, previous_hash = entry.previous_hash, row_hash = entry.row_hash
        where audit_id = entry.audit_id;
        update ops.audit_heads set chain_no = entry.chain_no, row_hash = entry.row_hash
        where tenant_code = entry.tenant_code;
    end loop;
end $$;

alter table ops.audit_trail
alter column chain_no set not null,
alter column previous_hash set not null,
alter column row_hash set not null,
add unique (tenant_code, chain_no);

create trigger audit_rows_are_linked before insert on ops.audit_trail
for each row execute function ops.link_audit_row();
create trigger audit_trail_is_append_only before update or delete or truncate on ops.audit_trail
for each statement execute function ops.refuse_change();
create trigger audit_heads_follow_the_trail before insert or update on ops.audit_heads
for each row execute function ops.refuse_moved_head();
create trigger audit_heads_are_kept before delete or truncate on ops.audit_heads
for each statement execute function ops.refuse_change();

-- Always: a session that replays as a replica does not slip past them.
alter table ops.audit_trail enable always trigger audit_rows_are_linked;
alter table ops.audit_trail enable always trigger audit_trail_is_append_only;
alter table ops.audit_heads enable always trigger audit_heads_follow_the_trail;
alter table ops.audit_heads enable always trigger audit_heads_are_kept;

create index seal_leaves_of_audit_heads on ops.seal_leaves (tenant_code, leaf_index desc)
where entry ->> 'kind' = 'audit_head';
