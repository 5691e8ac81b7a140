-- How far each camera's clock was ahead, who else signed the seal log, and which objects are held for a claim.
create table ops.camera_clocks (
    tenant_code text not null,
    camera_code text not null,
    measured_at timestamptz not null,                -- true time
    offset_seconds double precision not null,        -- camera time less true time
    uncertainty_seconds double precision not null check (uncertainty_seconds >= 0),
    clock_method text not null check (clock_method in ('beacon', 'by hand')),
    source_sha256 text,                              -- the film it was read from
    recorded_by text not null,
    recorded_at timestamptz not null,
    primary key (tenant_code, camera_code, measured_at)
);

create table ops.seal_cosignatures (
    tree_size bigint not null references ops.seal_checkpoints (tree_size),
    witness_key text not null,                       -- verifier key (C2SP, cosignature/v1)
    signature_line text not null,
    cosigned_at timestamptz not null,                -- as the witness states
    received_at timestamptz not null,
    primary key (tree_size, witness_key)
);
create trigger seal_cosignatures_are_append_only before update or delete or truncate on ops.seal_cosignatures
for each statement execute function ops.refuse_change();

create table ops.legal_holds (
    legal_hold_id bigint generated always as identity primary key,
    tenant_code text not null,
    object_key text not null,
    placed_at timestamptz not null,
    released_at timestamptz
);
create unique index legal_holds_in_force on ops.legal_holds (object_key) where released_at is null;
