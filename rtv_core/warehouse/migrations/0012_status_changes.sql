-- What was told to the outside of each consignment, one row a change; its number is the cursor of who pulls.
create table ops.status_changes (
    status_change_id bigint generated always as identity primary key,
    tenant_code text not null,
    consignment_key text not null,
    awb_no text,
    node_code text,                             -- where it was received
    destination_node text,                      -- where it is sent to
    consignment_status jsonb not null,
    changed_at timestamptz not null
);
create index status_changes_by_consignment on ops.status_changes (tenant_code, consignment_key, status_change_id desc);
create index status_changes_by_tenant on ops.status_changes (tenant_code, status_change_id);
