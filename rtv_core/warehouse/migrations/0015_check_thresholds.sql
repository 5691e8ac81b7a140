-- Bounds on the sets of raw rows that a tenant sets over those every tenant starts with.
create table ops.check_thresholds (
    tenant_code text not null,
    table_name text not null,
    source_name text not null default '',       -- empty: the rows of all sources
    column_name text not null default '',
    check_name text not null,
    low double precision,
    high double precision,                      -- neither: the check is switched off
    reason text not null check (reason <> ''),
    set_by text not null,
    set_at timestamptz not null,
    primary key (tenant_code, table_name, source_name, column_name, check_name)
);
