-- Claims, their lines, and everything that happened to them.
create table ops.claims (
    claim_id bigint generated always as identity primary key,
    tenant_code text not null,
    claim_no text not null,
    party_code text not null,
    platform_code text,
    rtv_no text,
    transporter_code text,
    awb_no text,
    claim_reason text not null,
    claim_no_sequence integer not null,         -- the <n> of claim_no
    claim_status text not null check (claim_status in (
        'draft', 'ready', 'approved', 'filed', 'info_requested', 'accepted', 'part_accepted', 'rejected',
        'appealed', 'reimbursed', 'closed', 'clawed_back', 'dropped', 'time_barred')),
    claimed_minor bigint not null check (claimed_minor >= 0),
    recovered_minor bigint not null default 0 check (recovered_minor >= 0),
    currency_code text not null default 'INR',
    is_terms_unverified boolean not null,
    missing_proof text[] not null default '{}', -- what keeps a draft from being ready
    due_at timestamptz,
    row_version integer not null default 1,
    bundle_key text,
    bundle_sha256 text,
    approved_at timestamptz,
    approved_by text,
    filed_at timestamptz,
    filing_reference text,
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
create index claim_lines_by_discrepancy on ops.claim_lines (discrepancy_key);

create table ops.claim_events (
    claim_event_id bigint generated always as identity primary key,
    claim_id bigint not null references ops.claims,
    from_status text,
    to_status text not null,
    actor_name text not null,
    note text,
    amount_minor bigint,
    rejection_code text,
    reference text,
    happened_at timestamptz not null default now()
);

-- A discrepancy that changed after its claim was approved: the claim stays, the change stands here.
create table ops.claim_adjustments (
    claim_adjustment_id bigint generated always as identity primary key,
    claim_id bigint not null references ops.claims,
    discrepancy_key text not null,
    claimed_qty bigint not null,
    claimed_minor bigint not null,
    current_qty bigint not null,                -- 0: the discrepancy no longer stands
    current_minor bigint not null,
    seen_at timestamptz not null
);
create index claim_adjustments_by_claim on ops.claim_adjustments (claim_id, discrepancy_key);
