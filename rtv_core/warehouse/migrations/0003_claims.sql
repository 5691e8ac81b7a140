-- Claims, their lines, and everything that happened to them.
create table ops.claims (
    claim_id bigint generated always as identity primary key,
    tenant_code text not null,
    claim_no text not null,
    party_code text not null,
    platform_code text,
    rtv_no text,
    claim_reason text not null,
    claim_status text not null check (claim_status in (
        'draft', 'ready', 'approved', 'filed', 'info_requested', 'accepted', 'part_accepted', 'rejected',
        'appealed', 'reimbursed', 'closed', 'clawed_back', 'dropped', 'time_barred')),
    claimed_minor bigint not null,
    currency_code text not null default 'INR',
    is_terms_unverified boolean not null,
    due_at timestamptz,
    row_version integer not null default 1,
    bundle_key text,
    bundle_sha256 text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (tenant_code, claim_no)
);

create table ops.claim_lines (
    claim_line_id bigint generated always as identity primary key,
    claim_id bigint not null references ops.claims,
    discrepancy_key text not null,
    rule_code text not null,
    platform_code text,
    rtv_no text,
    sku_code text,
    batch_no text,
    claimed_qty bigint not null,
    claimed_minor bigint not null,
    facts jsonb not null,
    unique (claim_id, discrepancy_key)
);

create table ops.claim_events (
    claim_event_id bigint generated always as identity primary key,
    claim_id bigint not null references ops.claims,
    from_status text,
    to_status text not null,
    actor_name text not null,
    note text,
    happened_at timestamptz not null default now()
);
