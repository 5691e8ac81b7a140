-- Stations, operators, uploads in flight and what the bay has sent.
create table ops.operators (
    tenant_code text not null,
    operator_code text not null,
    operator_name text not null,
    node_code text not null,
    pin_hash text not null,
    is_active boolean not null default true,
    primary key (tenant_code, operator_code)
);

create table ops.api_keys (
    key_id text primary key,
    tenant_code text not null,
    key_name text not null,
    key_hash text not null,
    roles text[] not null,
    node_code text,
    created_at timestamptz not null default now(),
    revoked_at timestamptz
);

create table ops.idempotency_keys (
    tenant_code text not null,
    idempotency_key text not null,
    route text not null,
    body_sha256 text not null,
    answer_status integer not null,
    answer jsonb not null,
    created_at timestamptz not null default now(),
    primary key (tenant_code, route, idempotency_key)
);

create table ops.uploads (
    upload_id text primary key,
    tenant_code text not null,
    file_name text not null,
    media_type text,
    capture_id text,
    size_bytes bigint not null,
    offset_bytes bigint not null default 0,
    sha256_expected text,
    sha256 text,
    object_key text,
    created_by text not null,
    created_at timestamptz not null default now(),
    completed_at timestamptz
);
