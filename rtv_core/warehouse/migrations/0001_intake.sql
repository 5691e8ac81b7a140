-- Files as they came in, what became of each row, and the checks run on the sets.
create table ops.files (
    file_id bigint generated always as identity primary key,
    tenant_code text not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    file_name text not null,
    size_bytes bigint not null check (size_bytes >= 0),
    object_key text not null,
    way_in text not null,                       -- drop, api, cli, s3, sftp, mail, webhook
    received_at timestamptz not null default now(),
    received_by text not null,
    contract_name text,                         -- canonical contract its rows map to, once recognised
    source_name text,                           -- canonical, or the foreign source that recognised it
    file_status text not null default 'received'
        check (file_status in ('received', 'loading', 'loaded', 'quarantined')),
    rows_in bigint,
    rows_loaded bigint,
    rows_superseded bigint,
    rows_quarantined bigint,
    error_code text,
    error_fact text,
    error_remedy text,
    loaded_at timestamptz,
    attempts integer not null default 0,
    unique (tenant_code, sha256),
    constraint rows_add_up check (
        file_status <> 'loaded' or rows_in = rows_loaded + rows_superseded + rows_quarantined
    )
);
create index files_pending on ops.files (received_at) where file_status in ('received', 'loading');

-- The same bytes again: a no-op that is remembered.
create table ops.file_repeats (
    file_repeat_id bigint generated always as identity primary key,
    file_id bigint not null references ops.files,
    file_name text not null,
    way_in text not null,
    received_at timestamptz not null default now(),
    received_by text not null
);

create table ops.quarantined_rows (
    quarantined_row_id bigint generated always as identity primary key,
    tenant_code text not null,
    file_id bigint not null references ops.files,
    contract_name text not null,
    sheet_name text,
    row_no bigint not null,                     -- the row as the sheet numbers it
    column_name text,
    bad_value text,
    error_code text not null,
    error_fact text not null,
    error_remedy text not null,
    row_content jsonb not null,
    quarantined_at timestamptz not null default now(),
    mended_at timestamptz,
    mended_by text,
    mended_file_id bigint references ops.files
);
create index quarantined_rows_open on ops.quarantined_rows (tenant_code, error_code) where mended_at is null;

create table ops.checks (
    check_id bigint generated always as identity primary key,
    run_id text not null,
    tenant_code text not null,
    suite_name text not null,
    expectation text not null,
    column_name text,
    is_success boolean,                         -- null: the check itself failed
    observed text,
    failure text,                               -- why the check itself failed
    checked_at timestamptz not null default now()
);

-- One row a dbt node a run.
create table ops.dbt_results (
    dbt_result_id bigint generated always as identity primary key,
    run_id text not null,
    stage text not null,
    node_id text not null,
    resource_type text not null,
    node_status text not null,
    message text,
    failures bigint,
    rows_affected bigint,
    duration_seconds double precision not null,
    finished_at timestamptz not null default now()
);

-- One row a build; the published one is the newest with published_at.
create table ops.builds (
    build_id bigint generated always as identity primary key,
    run_id text not null unique,
    as_of timestamptz not null,
    started_at timestamptz not null default now(),
    published_at timestamptz,
    failed_at timestamptz,
    failure text
);

-- Every write of a person or job: who, when, what.
create table ops.audit_trail (
    audit_id bigint generated always as identity primary key,
    tenant_code text not null,
    actor_kind text not null,
    actor_name text not null,
    verb text not null,
    object_kind text not null,
    object_id text not null,
    detail jsonb not null default '{}',
    happened_at timestamptz not null default now()
);

-- What a tenant sets for a foreign source, for example the nodes its reports do not name.
create table ops.source_settings (
    tenant_code text not null,
    source_name text not null,
    settings jsonb not null,
    set_by text not null,
    set_at timestamptz not null default now(),
    primary key (tenant_code, source_name)
);
