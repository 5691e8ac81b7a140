-- How a tenant's people read files of partners without a published format. Rows are only ever added: of one
-- name, the mapping in force on a day is the one with the latest effective_from up to it, saved last.
create table ops.column_mappings (
    column_mapping_id bigint generated always as identity primary key,
    tenant_code text not null,
    mapping_name text not null,
    contract_name text not null,
    file_pattern text not null,                 -- blinkit_*.csv, without regard to case
    header text[] not null,                     -- as it stood when the mapping was saved
    header_fingerprint text not null,
    columns jsonb not null,                     -- field of the contract: column of the file
    constants jsonb not null default '{}',      -- field of the contract: value for all rows
    effective_from date not null,
    effective_to date,                          -- the last day; null: open
    saved_by text not null,
    saved_at timestamptz not null,
    check (effective_to >= effective_from)
);
create index column_mappings_by_name on ops.column_mappings (tenant_code, mapping_name, effective_from);

-- Which mapping a file was read by; null: it needed none.
alter table ops.files add column column_mapping_id bigint references ops.column_mappings;
