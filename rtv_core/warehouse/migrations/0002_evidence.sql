-- Footage, clips and the seal log.
create table ops.footage_segments (
    segment_id bigint generated always as identity primary key,
    tenant_code text not null,
    camera_code text not null,
    uri text not null,
    object_key text,
    sha256 text not null,
    size_bytes bigint not null,
    container text not null,
    codec text not null,
    started_at timestamptz not null,            -- by the camera's own clock, in UTC
    ended_at timestamptz not null,
    sample_count bigint not null,
    keyframe_count bigint not null,
    samples_root text not null,                 -- Merkle root over the samples
    is_truncated boolean not null default false,
    finding text,
    time_source text not null default 'name',   -- what said when it began: name, list
    modified_ns bigint not null default 0,      -- of the file: unchanged, it is not read again
    gone_at timestamptz,                        -- the film is no longer at its address
    leaf_index bigint,                          -- position in the seal log
    indexed_at timestamptz not null default now(),
    unique (tenant_code, camera_code, sha256)
);
create index footage_segments_by_time on ops.footage_segments (tenant_code, camera_code, started_at);

create table ops.footage_samples (
    segment_id bigint primary key references ops.footage_segments,
    samples bytea not null                      -- packed: offset, size, time, duration, keyframe
);

create table ops.footage_faults (
    footage_fault_id bigint generated always as identity primary key,
    tenant_code text not null,
    uri text not null,
    error_code text not null,
    error_fact text not null,
    error_remedy text not null,
    seen_at timestamptz not null default now(),
    unique (tenant_code, uri, error_code)
);

create table ops.clips (
    clip_id bigint generated always as identity primary key,
    tenant_code text not null,
    discrepancy_key text,
    platform_code text,
    rtv_no text,
    transporter_code text,
    awb_no text,
    camera_code text,
    capture_id text,
    cut_mode text not null check (cut_mode in ('snap', 'exact', 'presentation', 'original')),
    window_start_at timestamptz not null,
    window_end_at timestamptz not null,
    clock_offset_seconds double precision not null default 0,
    clip_status text not null check (clip_status in ('cut', 'no_footage', 'failed')),
    object_key text,
    sha256 text,
    size_bytes bigint,
    manifest jsonb not null default '{}',       -- sources, samples, gaps, pre-roll
    finding text,
    leaf_index bigint,                          -- position in the seal log
    cut_at timestamptz not null default now(),
    unique nulls not distinct (tenant_code, discrepancy_key, cut_mode, camera_code, window_start_at, window_end_at)
);

-- Whether the store kept a retained object when it was tried.
create table ops.store_checks (
    checked_on date not null,
    store_address text not null,
    is_locked boolean not null,
    detail text not null,
    checked_at timestamptz not null,
    primary key (checked_on, store_address, is_locked)
);

create table ops.seal_leaves (
    leaf_index bigint primary key,
    tenant_code text not null,
    leaf_hash text not null,
    canonical text not null,                    -- the bytes that the leaf hash is over
    entry jsonb generated always as (canonical::jsonb) stored,
    sealed_at timestamptz not null default now()
);

-- Complete subtrees of the log: node (level, index) covers the leaves from index << level on.
create table ops.seal_nodes (
    node_level smallint not null,
    node_index bigint not null,
    node_hash bytea not null,
    primary key (node_level, node_index)
);

create table ops.seal_checkpoints (
    checkpoint_id bigint generated always as identity primary key,
    tree_size bigint not null,
    root_hash text not null,
    note text not null,                         -- signed note (C2SP)
    timestamp_token bytea,
    timestamp_authority text,
    made_at timestamptz not null default now(),
    unique (tree_size)
);

create function ops.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '%.% is append-only', tg_table_schema, tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger seal_leaves_are_append_only before update or delete or truncate on ops.seal_leaves
for each statement execute function ops.refuse_change();
create trigger seal_nodes_are_append_only before update or delete or truncate on ops.seal_nodes
for each statement execute function ops.refuse_change();
