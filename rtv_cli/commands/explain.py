"""`rtv explain`: why a discrepancy stands, from the mart back to the rows of the files behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from rtv_cli.output import guarded, print_json, print_table
from rtv_core.model.money import format_minor

if TYPE_CHECKING:
    from rtv_core.warehouse.marts.discrepancies import Discrepancy
    from rtv_core.warehouse.marts.explaining import Story
    from rtv_core.warehouse.marts.rtvs import Line, SourceRow

_LAWS = (
    "accepted_qty", "condition_failed_qty", "short_qty", "wrong_item_in_place_qty", "pending_qty",
    "received_qty", "excess_qty", "substituted_qty", "foreign_qty",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain_command)


@guarded
def explain_command(
    name: Annotated[
        str, typer.Argument(help="Key of a discrepancy (six letters or more of it), an RTV or an AWB.")
    ],
    tenant: Annotated[str, typer.Option("--tenant", help="Tenant to read.")] = "default",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Tell why a discrepancy stands: rule, figures, who owes it, and each file and row behind it.

    Of an RTV or AWB with several discrepancies it lists them, with the keys to ask for.
    """
    from rtv_cli.context import open_context
    from rtv_core.errors import NotFound
    from rtv_core.warehouse.marts.explaining import discrepancies_named, tell
    from rtv_core.warehouse.marts.reading import reading

    with reading(open_context(tenant).dsn) as connection:
        found = discrepancies_named(connection, tenant, name)
        story = tell(connection, tenant, found[0]) if len(found) == 1 else None
    if not found:
        raise NotFound(
            f"No discrepancy of the published build has the key, RTV or AWB {name}",
            remedy="`rtv export fct_discrepancies --to FILE.csv` has all keys; `rtv build` after new files.",
            code="DISCREPANCY_UNKNOWN",
        )
    if story is None:
        _list(found, as_json=as_json)
    elif as_json:
        print_json(asdict(story) | {"model": story.model, "page": story.page})
    else:
        typer.echo("\n".join(_told(story)))


def _list(found: Sequence[Discrepancy], *, as_json: bool) -> None:
    if as_json:
        print_json({"discrepancies": [asdict(row) for row in found]})
        return
    rows = [
        {
            "key": row.discrepancy_key[:12],
            "rule": row.rule_code,
            "return": row.rtv_no,
            "AWB": row.awb_no,
            "SKU": row.sku_code,
            "batch": row.batch_no,
            "units": row.discrepancy_qty,
            "value": _value(row),
            "owed by": row.liable_party_code or row.liable_role,
        }
        for row in found
    ]
    print_table("Discrepancies (`rtv explain KEY` tells one)", rows)


def _told(story: Story) -> Iterator[str]:
    row = story.discrepancy
    subject = [row.platform_code, row.rtv_no, row.awb_no, row.sku_title or row.sku_code, row.batch_no]
    yield f"{row.rule_code}  {_value(row)}  {'final' if row.is_final else 'pending'}"
    yield f"  {row.liability_reason}"
    yield f"  {' · '.join(part for part in subject if part)}"
    yield f"  expected {row.expected_qty}, found {row.observed_qty}, disputed {row.discrepancy_qty}"
    yield f"  owed by {row.liable_party_code or '?'} ({row.liable_role}), confidence {row.confidence}" + (
        f", else {row.runner_up_role}" if row.runner_up_role else ""
    )
    if row.also_met:
        yield f"  also met: {row.also_met.replace('|', ', ')}"
    if row.due_at:
        yield f"  to be claimed by {row.due_at:%Y-%m-%d %H:%M %Z}"
    if row.claim_no:
        yield f"  claim {row.claim_no}, {row.claim_status}"
    if row.clip_id:
        yield f"  clip {row.clip_id}, {row.clip_status}"
    for line in story.lines:
        yield from _line(line)
    yield from _sources("Declared", story.declared)
    yield from _sources("Observed", story.observed)
    built = f"build {story.build.build_id} as of {story.build.as_of:%Y-%m-%d %H:%M %Z}" if story.build else ""
    yield f"Found by {story.model}, {built}; the rule: {story.page}"


def _line(line: Line) -> Iterator[str]:
    counted = ", ".join(
        f"{name.removesuffix('_qty').replace('_', ' ')} {getattr(line, name)}"
        for name in _LAWS
        if getattr(line, name)
    )
    yield f"The line {line.sku_code or 'without SKU'} {line.batch_no or ''}".rstrip()
    yield f"  declared {line.declared_qty}: {counted}; stage {line.stage}, matched by {line.match_method}"


def _sources(heading: str, rows: Sequence[SourceRow]) -> Iterator[str]:
    yield f"{heading}: {len(rows)} row{'' if len(rows) == 1 else 's'}"
    for row in rows:
        yield f"  {row.file_name}, row {row.row_no} ({row.contract_name})"
        yield f"    received {row.received_at:%Y-%m-%d %H:%M %Z} by {row.received_by}, SHA-256 {row.sha256}"
        yield "    " + ", ".join(
            f"{name} {value}"
            for name, value in row.values.items()
            if value not in (None, "", {}) and not name.startswith("_")
        )


def _value(row: Discrepancy) -> str:
    return (
        "no value" if row.value_minor is None else format_minor(row.value_minor, row.currency_code or "INR")
    )
