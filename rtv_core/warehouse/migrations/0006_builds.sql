-- Stages of a build, and what publishing has made: docs/adr/0003-write-audit-publish.md.
create table ops.build_stages (
    build_id bigint not null references ops.builds,
    stage text not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    is_success boolean,
    primary key (build_id, stage)
);

-- The build readers see: one number, read by every view of schema marts.
create view ops.published_build as
select max(build_id) as build_id
from ops.builds
where published_at is not null;

-- Shape of each published relation, so that a publish touches definitions only when they change.
create table ops.published_relations (
    schema_name text not null,
    relation_name text not null,
    column_shape text not null,
    definition_sha256 text not null,
    published_at timestamptz not null default now(),
    primary key (schema_name, relation_name)
);

create schema published;
create schema marts;
create schema bi;
