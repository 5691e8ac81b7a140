-- What was accepted from the bay, as it is accepted: leads see it at once, before any load or build.
create table ops.bay_activity (
    activity_id bigint generated always as identity primary key,
    tenant_code text not null,
    activity_kind text not null check (activity_kind in ('capture', 'gate_receipt')),
    node_code text not null,
    bay_code text not null,
    operator_code text not null,
    awb_no text not null,
    units integer not null default 0 check (units >= 0),
    cartons integer not null default 0 check (cartons >= 0),
    work_seconds integer not null default 0 check (work_seconds >= 0),   -- from the first to the last moment told
    accepted_at timestamptz not null
);
create index bay_activity_by_time on ops.bay_activity (tenant_code, accepted_at desc);
