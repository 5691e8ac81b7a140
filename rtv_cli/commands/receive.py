"""`rtv receive`: files that wait at the partners' doors, into the inbox and the warehouse."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rtv_cli.output import errors, guarded, print_json, print_table
from rtv_core.errors import ConfigurationError

if TYPE_CHECKING:
    from ingest.ways.parcels import WayIn
    from rtv_commands.receive_parcels import ParcelSummary
    from rtv_core.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
LookOption = Annotated[bool, typer.Option("--look", help="Only say what waits there; nothing is taken.")]
_SETTING = {"s3": "RTV_S3_IN__BUCKET", "sftp": "RTV_SFTP_IN__HOST", "mail": "RTV_MAIL_IN__HOST"}

receive = typer.Typer(
    name="receive", help="Take what waits at a partner's door, and load it.", no_args_is_help=True
)


@receive.command("s3")
@guarded
def s3_command(look: LookOption = False, as_json: JsonOption = False) -> None:
    """Objects below the prefix of RTV_S3_IN__BUCKET; each is deleted there once it is kept here."""
    _run("s3", look=look, as_json=as_json)


@receive.command("sftp")
@guarded
def sftp_command(look: LookOption = False, as_json: JsonOption = False) -> None:
    """Files in the folder of RTV_SFTP_IN__HOST; each is deleted there once it is kept here."""
    _run("sftp", look=look, as_json=as_json)


@receive.command("mail")
@guarded
def mail_command(look: LookOption = False, as_json: JsonOption = False) -> None:
    """Attachments in the mailbox of RTV_MAIL_IN__HOST; a letter is moved once all its files are kept."""
    _run("mail", look=look, as_json=as_json)


def _run(name: str, *, look: bool, as_json: bool) -> None:
    from rtv_core.settings import get_settings

    if look:
        _show_what_waits(_way(name, get_settings()), as_json=as_json)
        return
    from rtv_cli.context import open_context
    from rtv_commands.load import load_files
    from rtv_commands.receive_parcels import receive_parcels
    from rtv_core.objects import open_store

    way = _way(name, get_settings())
    context = open_context()
    store, now = open_store(context.settings), datetime.now(UTC)
    (summary,) = receive_parcels(
        context.dsn, store, [way], actor=context.actor, now=now,
        max_bytes=context.settings.intake.max_file_bytes,
    )  # fmt: skip
    loaded = load_files(context.dsn, store, [file.file_id for file in summary.received], now=now)
    _show(summary, loaded.counts(), as_json=as_json)
    if summary.failure:
        raise summary.failure


def _way(name: str, settings: Settings) -> WayIn:
    from ingest.ways.configured import ways_in

    for way in ways_in(settings):
        if way.name == name:
            return way
    raise ConfigurationError(
        f"No {name} door is set", remedy=f"Set {_SETTING[name]}; see docs/ways_in.md.", code="WAY_IN_UNSET"
    )


def _show_what_waits(way: WayIn, *, as_json: bool) -> None:
    with way:
        seen = way.look()
    waiting = [
        {"place": _legible(parcel.place), "tenant": parcel.tenant_code, "size_bytes": parcel.size_bytes}
        for parcel in seen.waiting
    ]
    refused = [{"place": _legible(one.place), "reason": one.reason} for one in seen.refused]
    if as_json:
        print_json({"way_in": way.name, "waiting": waiting, "refused": refused})
        return
    print_table("Waiting", waiting)
    if refused:
        print_table("Refused", refused)


def _legible(place: str) -> str:
    """A place whose name may be in no known encoding."""
    return place.encode("utf-8", "replace").decode()


def _show(summary: ParcelSummary, counts: dict[str, int], *, as_json: bool) -> None:
    received: list[dict[str, Any]] = [
        {
            "file": file.file_name,
            "outcome": file.outcome,
            "file_id": file.file_id,
            "sha256": file.sha256,
            "size_bytes": file.size_bytes,
            "is_repeat": file.is_repeat,
        }
        for file in summary.received
    ]
    refused = [{"place": _legible(one.place), "reason": one.reason} for one in summary.refused]
    if as_json:
        print_json(
            {
                "way_in": summary.way_in,
                "received": received,
                "refused": refused,
                "still_growing": summary.still_growing,
                "loaded": counts,
            }
        )
        return
    print_table("Received", received, ["file", "outcome", "file_id", "size_bytes"])
    if refused:
        print_table("Refused", refused)
    for place in summary.still_growing:
        errors.print(f"{place} is still being written; it waits.", highlight=False, markup=False)
    typer.echo(f"{counts['rows_loaded']} of {counts['rows_in']} rows loaded.")


def register(app: typer.Typer) -> None:
    """Add the command group."""
    app.add_typer(receive)
