"""Publishes a tested candidate: rows, views, comments and the pointer, in one transaction.

dbt builds into the schemas `candidate` and `candidate_bi`. What readers read are views: `marts.<name>`
over `published.<name>`, whose rows say from which build to which they are true, and `bi.<name>` over
those. A view is touched only when its definition changes, so a usual publish locks no reader out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from psycopg import sql

from rtv_core.warehouse.connection import Connection, fetch_all

_SCHEMAS = {"candidate": "marts", "candidate_bi": "bi"}
_LOCK = 727006
# Whole tables are compared by hash; what an index would find one by one is slower by far.
_SETTINGS = "set local work_mem = '128MB'; set local enable_nestloop = off; set local enable_mergejoin = off"
_INDEXED = (("tenant_code", "platform_code", "rtv_no"), ("tenant_code", "discrepancy_key"))


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation that dbt built: where, its columns with types, its view text, its comments."""

    schema: str
    name: str
    is_view: bool
    columns: tuple[tuple[str, str], ...]
    view_text: str
    comments: tuple[tuple[str | None, str], ...]

    @property
    def target_schema(self) -> str:
        """The schema readers find it in."""
        return _SCHEMAS[self.schema]

    @property
    def shape(self) -> str:
        """Its columns and types in order."""
        return ", ".join(f"{name} {kind}" for name, kind in self.columns)

    @property
    def definition(self) -> str:
        """A digest of all that its published view is made of."""
        text = repr((self.is_view, self.columns, self.view_text, self.comments))
        return hashlib.sha256(text.encode()).hexdigest()


def candidate_relations(connection: Connection) -> list[Relation]:
    """What dbt built, in the order of dependency: tables, then views by age."""
    # Unqualified names in view texts bind to the readers' relations when they are made again there.
    connection.execute("set local search_path = candidate")
    rows = fetch_all(
        connection,
        "select c.oid, n.nspname as schema_name, c.relname as relation_name, c.relkind = 'v' as is_view, "
        "case when c.relkind = 'v' then pg_get_viewdef(c.oid) else '' end as view_text, "
        "(select array_agg(array[a.attname::text, format_type(a.atttypid, a.atttypmod)] "
        " order by a.attnum) "
        " from pg_attribute as a where a.attrelid = c.oid and a.attnum > 0 "
        " and not a.attisdropped) as columns, "
        "(select array_agg(array[a.attname::text, d.description] order by d.objsubid) "
        " from pg_description as d left join pg_attribute as a on a.attrelid = c.oid "
        " and a.attnum = d.objsubid and d.objsubid > 0 where d.objoid = c.oid "
        " and d.classoid = 'pg_class'::regclass) as comments "
        "from pg_class as c inner join pg_namespace as n on n.oid = c.relnamespace "
        "where n.nspname = any(%s) and c.relkind in ('r', 'v') "
        "and c.relname not like '%%\\_\\_dbt\\_%%' order by c.relkind, c.oid",
        (list(_SCHEMAS),),
    )
    connection.execute("set local search_path = public")
    return [
        Relation(
            row["schema_name"], row["relation_name"], row["is_view"],
            tuple((name, kind) for name, kind in row["columns"]), row["view_text"],
            tuple((name, text) for name, text in row["comments"] or ()),
        )
        for row in rows
    ]  # fmt: skip


def reset_candidate(connection: Connection) -> None:
    """Drop what an earlier build left, so that a candidate holds one build's relations only."""
    for schema in _SCHEMAS:
        connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))


def publish_candidate(connection: Connection, build_id: int) -> dict[str, int]:
    """Publish the candidate as build `build_id`; returns how many rows of each mart changed.

    The caller holds the transaction: until it commits, readers see the build before.
    """
    connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
    connection.execute(_SETTINGS)
    relations = candidate_relations(connection)
    known = {
        (row["schema_name"], row["relation_name"]): row
        for row in fetch_all(connection, "select * from ops.published_relations")
    }
    changed = [
        r for r in relations
        if (k := known.get((r.target_schema, r.name))) is None or k["definition_sha256"] != r.definition
    ]  # fmt: skip
    reshaped = [
        r for r in changed
        if (k := known.get((r.target_schema, r.name))) is not None and k["column_shape"] != r.shape
    ]  # fmt: skip
    present = {(r.target_schema, r.name) for r in relations}
    gone = [key for key in known if key not in present]
    if reshaped or gone:
        _drop_views(connection, list(known))
        changed = relations
    tables = [relation for relation in relations if not relation.is_view]
    for table in tables:
        _ensure_table(connection, table)
    for relation in changed:
        _make_view(connection, relation)
    if changed:
        _grant_readers(connection)
    rows = {table.name: _merge_rows(connection, table, build_id) for table in tables}
    connection.execute(
        "update ops.builds set published_at = clock_timestamp() where build_id = %s", (build_id,)
    )
    return rows


def _drop_views(connection: Connection, names: list[tuple[str, str]]) -> None:
    for schema, name in names:
        connection.execute(sql.SQL("drop view if exists {} cascade").format(sql.Identifier(schema, name)))
    connection.execute("delete from ops.published_relations")


def _ensure_table(connection: Connection, table: Relation) -> None:
    """A published table has the candidate's columns; one whose column changed its type starts afresh."""
    target = sql.Identifier("published", table.name)
    there = {
        row["attname"]: row["kind"]
        for row in fetch_all(
            connection,
            "select attname, format_type(atttypid, atttypmod) as kind from pg_attribute "
            "where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped",
            (f"published.{table.name}",),
        )
    }
    if there and any(there.get(name, kind) != kind for name, kind in table.columns):
        connection.execute(sql.SQL("drop table {} cascade").format(target))
        there = {}
    if not there:
        _create_table(connection, table)
        return
    for name, kind in table.columns:
        if name not in there:
            connection.execute(
                sql.SQL("alter table {} add column {} {}").format(target, sql.Identifier(name), _words(kind))
            )


def _create_table(connection: Connection, table: Relation) -> None:
    target = sql.Identifier("published", table.name)
    columns: list[sql.Composable] = [
        sql.SQL("{} {}").format(sql.Identifier(name), _words(kind)) for name, kind in table.columns
    ]
    columns += [
        sql.SQL("valid_from_build bigint not null"),
        sql.SQL("valid_to_build bigint"),
        sql.SQL("_row_hash uuid not null"),
    ]
    connection.execute(sql.SQL("create table {} ({})").format(target, sql.SQL(", ").join(columns)))
    connection.execute(sql.SQL("create index on {} (_row_hash) where valid_to_build is null").format(target))
    names = {name for name, _ in table.columns}
    for wanted in _INDEXED:
        if names.issuperset(wanted):
            listed = sql.SQL(", ").join(sql.Identifier(name) for name in wanted)
            connection.execute(sql.SQL("create index on {} ({})").format(target, listed))


def _merge_rows(connection: Connection, table: Relation, build_id: int) -> int:
    """Close the rows that are true no longer, add those that are new; rows that stay are not touched."""
    columns = [sql.Identifier(name) for name, _ in table.columns]
    fresh = sql.SQL(", ").join(sql.SQL("fresh.{}").format(column) for column in columns)
    names = {
        "target": sql.Identifier("published", table.name),
        "source": sql.Identifier("candidate", table.name),
        "hashes": sql.Identifier("pg_temp", f"hashes_{build_id}"),
        "columns": sql.SQL(", ").join(columns),
        "fresh": fresh,
        "build": sql.Literal(build_id),
    }
    # Each row is hashed once, on all cores; what is compared is small.
    connection.execute(
        sql.SQL(
            "create temporary table {hashes} on commit drop as "
            "select fresh.ctid as row_at, md5(row({fresh})::text)::uuid as row_hash from {source} as fresh"
        ).format(**names)
    )
    closed = connection.execute(
        sql.SQL(
            "update {target} as kept set valid_to_build = {build} where kept.valid_to_build is null "
            "and not exists (select 1 from {hashes} as hashed where hashed.row_hash = kept._row_hash)"
        ).format(**names)
    ).rowcount
    added = connection.execute(
        sql.SQL(
            "insert into {target} ({columns}, valid_from_build, _row_hash) "
            "select {fresh}, {build}, hashed.row_hash from {hashes} as hashed "
            "inner join {source} as fresh on hashed.row_at = fresh.ctid where not exists "
            "(select 1 from {target} as kept "
            "where kept.valid_to_build is null and kept._row_hash = hashed.row_hash)"
        ).format(**names)
    ).rowcount
    connection.execute(sql.SQL("drop table {hashes}").format(**names))
    return closed + added


def _make_view(connection: Connection, relation: Relation) -> None:
    target = sql.Identifier(relation.target_schema, relation.name)
    if relation.is_view:
        body: sql.Composable = _words(relation.view_text)
    else:
        body = sql.SQL(
            "select {columns} from {table} "
            "where valid_from_build <= (select build_id from ops.published_build) "
            "and (valid_to_build is null or valid_to_build > (select build_id from ops.published_build))"
        ).format(
            columns=sql.SQL(", ").join(sql.Identifier(name) for name, _ in relation.columns),
            table=sql.Identifier("published", relation.name),
        )
    connection.execute("set local search_path = marts")
    connection.execute(sql.SQL("create or replace view {} as {}").format(target, body))
    connection.execute("set local search_path = public")
    for column, text in relation.comments:
        subject = (
            sql.SQL("view {}").format(target)
            if column is None
            else sql.SQL("column {}").format(sql.Identifier(relation.target_schema, relation.name, column))
        )
        connection.execute(sql.SQL("comment on {} is {}").format(subject, sql.Literal(text)))
    connection.execute(
        "insert into ops.published_relations (schema_name, relation_name, column_shape, definition_sha256) "
        "values (%s, %s, %s, %s) on conflict (schema_name, relation_name) do update set "
        "column_shape = excluded.column_shape, definition_sha256 = excluded.definition_sha256, "
        "published_at = clock_timestamp()",
        (relation.target_schema, relation.name, relation.shape, relation.definition),
    )


def _grant_readers(connection: Connection) -> None:
    """The role rtv_bi reads schema bi and nothing else."""
    connection.execute(
        "do $$ begin create role rtv_bi nologin; "
        "exception when duplicate_object or unique_violation then null; end $$"
    )
    connection.execute("grant usage on schema bi to rtv_bi")
    connection.execute("grant select on all tables in schema bi to rtv_bi")


def _words(text: str) -> sql.SQL:
    """SQL that Postgres itself has written: a type's name, a view's text."""
    return sql.SQL(text)
