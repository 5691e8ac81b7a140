-- What left the hub: to whom, for what, by whom, when. Rows stay when what they tell of is removed.
create table ops.disclosures (
    disclosure_id bigint generated always as identity primary key,
    tenant_code text not null,
    disclosed_at timestamptz not null,
    disclosed_by text not null,
    disclosure_kind text not null check (disclosure_kind in ('bundle', 'release')),
    claim_no text,                                   -- of a bundle
    clip_id bigint,                                  -- of a release: the sealed clip itself
    sha256 text not null,                            -- of the bundle, or of the clip's first film
    disclosed_to text not null,
    purpose text not null,
    link_sha256 text unique,                         -- of the link it was taken by, and who took it: one row each
    check ((disclosure_kind = 'bundle') = (claim_no is not null)),
    check ((disclosure_kind = 'release') = (clip_id is not null))
);
create index disclosures_by_time on ops.disclosures (tenant_code, disclosed_at desc);
create trigger disclosures_are_append_only before update or delete or truncate on ops.disclosures
for each statement execute function ops.refuse_change();
