-- What people wrote off of a debit line, with reason and approval; never by a rule.
create table ops.write_offs (
    write_off_id bigint generated always as identity primary key,
    tenant_code text not null,
    platform_code text not null,
    debit_note_no text not null,
    debit_line_no text not null,
    amount_minor bigint not null check (amount_minor > 0),
    currency_code text not null,
    reason text not null check (reason <> ''),
    write_off_status text not null check (write_off_status in ('requested', 'approved', 'refused')),
    requested_by text not null,
    requested_at timestamptz not null,
    decided_by text,
    decided_at timestamptz,
    decision_note text
);
create index write_offs_by_line on ops.write_offs (tenant_code, platform_code, debit_note_no, debit_line_no);

-- Which answers that came in by file have been carried to their claim, and why one could not be.
create table ops.claim_answers (
    tenant_code text not null,
    claim_no text not null,
    outcome_at text not null,                   -- as written
    outcome_status text not null,
    claim_id bigint references ops.claims,
    refusal_code text,
    refusal_fact text,
    seen_at timestamptz not null,
    primary key (tenant_code, claim_no, outcome_at, outcome_status)
);

-- Months whose books are closed: what comes later stands in the first open month.
create table ops.closed_periods (
    tenant_code text not null,
    period_on date not null check (extract(day from period_on) = 1),
    closed_by text not null,
    closed_at timestamptz not null,
    primary key (tenant_code, period_on)
);

-- Allocations as they were published when their month was closed: a build leaves them where they are.
create table ops.fixed_allocations (
    tenant_code text not null,
    period_on date not null,
    platform_code text not null,
    rtv_no text not null,
    sku_code text not null,
    invoice_no text not null,
    invoice_line_no text not null,
    allocated_qty bigint not null check (allocated_qty > 0),
    primary key (tenant_code, platform_code, rtv_no, sku_code, invoice_no, invoice_line_no),
    foreign key (tenant_code, period_on) references ops.closed_periods
);
