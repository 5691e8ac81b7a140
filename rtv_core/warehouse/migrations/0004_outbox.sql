-- What is to be sent, written in the transaction of the fact; one row an attempt.
create table ops.outbox (
    outbox_id bigint generated always as identity primary key,
    tenant_code text not null,
    message_id text not null unique,
    topic text not null,                        -- claim.approved, credit_note.draft …
    channel text not null,                      -- webhook, erp
    subject_key text not null,
    payload jsonb not null,
    message_status text not null default 'pending'
        check (message_status in ('pending', 'sent', 'parked')),
    created_at timestamptz not null default now(),
    next_attempt_at timestamptz not null default now(),
    sent_at timestamptz,
    parked_reason text,
    unique (tenant_code, channel, topic, subject_key)
);
create index outbox_pending on ops.outbox (next_attempt_at) where message_status = 'pending';

create table ops.outbox_attempts (
    outbox_attempt_id bigint generated always as identity primary key,
    outbox_id bigint not null references ops.outbox,
    attempt_no integer not null,
    started_at timestamptz not null,
    finished_at timestamptz not null default now(),
    is_success boolean not null,
    status_code integer,
    answer text,
    remote_reference text,
    unique (outbox_id, attempt_no)
);
