-- What of a camera's picture nobody outside is to see, and the clips for people made from sealed ones.
create table ops.camera_masks (
    tenant_code text not null,
    camera_code text not null,
    set_at timestamptz not null,                     -- in force until the next
    masks jsonb not null,                            -- percent of the picture; an empty list: none any more
    reason text not null,
    set_by text not null,
    primary key (tenant_code, camera_code, set_at)
);
create trigger camera_masks_are_append_only before update or delete or truncate on ops.camera_masks
for each statement execute function ops.refuse_change();

create table ops.presentations (
    presentation_id bigint generated always as identity primary key,
    tenant_code text not null,
    clip_id bigint not null references ops.clips,
    masks jsonb not null,
    manifest jsonb not null,                         -- of the presentation's films
    files jsonb not null,                            -- name: object_key, sha256, size_bytes; films, sheets, stills
    record text not null,                            -- derived-from record: the bytes that the note signs
    record_note text not null,                       -- signed note (C2SP)
    leaf_index bigint,                               -- position in the seal log
    made_at timestamptz not null,
    removed_at timestamptz,                          -- its retention had ended
    unique (clip_id, masks)
);
