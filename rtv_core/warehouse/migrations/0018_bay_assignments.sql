-- Who is to open which consignment, one standing row a consignment and node; ended rows stay as its story.
create table ops.bay_assignments (
    assignment_id bigint generated always as identity primary key,
    tenant_code text not null,
    node_code text not null,
    awb_no text not null,
    awb_normal text not null generated always as (regexp_replace(upper(awb_no), '[^A-Z0-9]', '', 'g')) stored,
    bay_code text,                              -- null: any bay of the node
    operator_code text,                         -- null: whoever works at the bay
    handed_over_from text,                      -- the operator who had it just before
    assigned_by text not null,
    assigned_at timestamptz not null,
    lapses_at timestamptz not null,             -- end of the shift it was made for
    ended_at timestamptz,
    ended_by text,
    ended_how text check (ended_how in ('moved', 'handed_over', 'taken_back', 'shift_ended', 'done')),
    constraint somebody_or_somewhere check (bay_code is not null or operator_code is not null),
    constraint an_end_says_how check ((ended_at is null) = (ended_how is null) and (ended_at is null) = (ended_by is null))
);
create unique index bay_assignments_standing on ops.bay_assignments (tenant_code, awb_normal, node_code)
where ended_at is null;

-- Who opened a carton of it last is asked by AWB, however it is spelled.
create index bay_activity_by_awb on ops.bay_activity (
    tenant_code, (regexp_replace(upper(awb_no), '[^A-Z0-9]', '', 'g')), accepted_at desc
);
