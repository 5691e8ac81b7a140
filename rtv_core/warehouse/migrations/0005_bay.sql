-- Stations, operators, uploads in flight and what the bay has sent.
create table ops.operators (
    tenant_code text not null,
    operator_code text not null,
    operator_name text not null,
    node_code text not null,
    pin_hash text not null,                     -- argon2id
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    last_signed_in_at timestamptz,
    primary key (tenant_code, operator_code)
);

create table ops.api_keys (
    key_id text primary key,
    tenant_code text not null,
    key_name text not null,
    key_hash text not null,                     -- SHA-256 of 32 random bytes: nothing to guess, cheap to check
    roles text[] not null,
    node_code text,                             -- null: every node of the tenant
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    revoked_at timestamptz
);

-- The first answer to a key, given again to the same request; the same key with another body is refused.
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

-- One row an upload. How much has come is the size of the file itself; offset_bytes is what it was last seen as.
create table ops.uploads (
    upload_id text primary key,
    tenant_code text not null,
    file_name text not null,
    media_type text,
    capture_id text,
    size_bytes bigint not null check (size_bytes >= 0),
    offset_bytes bigint not null default 0,
    sha256_expected text check (sha256_expected ~ '^[0-9a-f]{64}$'),
    sha256 text,
    object_key text,
    created_by text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    completed_at timestamptz,
    refused_code text,                          -- why its bytes were thrown away
    constraint completed_means_kept check (completed_at is null or (sha256 is not null and object_key is not null))
);
create index uploads_by_hash on ops.uploads (tenant_code, sha256) where completed_at is not null;
