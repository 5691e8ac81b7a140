-- What the film of each capture proves, as read from its picture; a row is never changed.
create table ops.film_facts (
    film_fact_id bigint generated always as identity primary key,
    tenant_code text not null,
    capture_id text not null,
    capture_file_id bigint not null,            -- with the row number: the revision of the capture
    capture_row_no bigint not null,
    judge_method text not null,
    sha256 text not null,                       -- of the film, as the capture names it
    film_status text not null check (film_status in ('judged', 'failed')),
    label_legible text not null check (label_legible in ('yes', 'no', 'not_decided')),
    label_legible_reason text not null,
    one_take text not null check (one_take in ('yes', 'no', 'not_decided')),
    one_take_reason text not null,
    sealed_until_opened text not null check (sealed_until_opened in ('yes', 'no', 'not_decided')),
    sealed_until_opened_reason text not null,
    film_seconds double precision,
    frame_count bigint,
    facts jsonb not null default '{}',          -- all answers with their times; empty when it cannot be judged
    judge_cpu_seconds double precision not null,
    judged_at timestamptz not null,
    unique (tenant_code, capture_id, capture_file_id, capture_row_no, judge_method)
);

-- One row for each item of the capture, and one for each code that was seen and belongs to none.
create table ops.film_codes (
    film_fact_id bigint not null references ops.film_facts,
    code_no bigint not null,
    item_no bigint,                             -- null: never scanned
    sku_code text,
    code_text text not null,
    sighting text not null check (sighting in ('agreed', 'scanned_never_seen', 'seen_never_scanned')),
    first_seconds double precision,             -- from the film's start
    last_seconds double precision,
    frame_count bigint not null,
    primary key (film_fact_id, code_no)
);

create trigger film_facts_are_append_only before update or delete or truncate on ops.film_facts
for each statement execute function ops.refuse_change();
create trigger film_codes_are_append_only before update or delete or truncate on ops.film_codes
for each statement execute function ops.refuse_change();
