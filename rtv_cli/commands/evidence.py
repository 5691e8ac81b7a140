"""`rtv evidence`: index footage, plan and cut clips, read codes, seal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from rtv_cli.output import errors, guarded, print_json, print_table
from rtv_core.errors import InvalidInput
from rtv_core.model.window import ClipRequest

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
TenantOption = Annotated[str, typer.Option("--tenant", help="Tenant to act in.")]

evidence = typer.Typer(
    name="evidence", help="Evidence: index footage, cut clips, read codes, seal.", no_args_is_help=True
)


@evidence.command("index")
@guarded
def index_command(
    folder: Annotated[Path, typer.Argument(help="Folder of films: <tenant>/<camera>/… or <camera>/….")],
    tenant: Annotated[
        str | None, typer.Option("--tenant", help="Only this tenant; unset: as the folders say.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Index the films below a folder; what is unchanged is not read again."""
    from rtv_cli.context import open_context
    from rtv_commands.index_footage import index_footage
    from rtv_core.objects import open_store

    context = open_context(tenant or "default")
    with errors.status("Reading films"):
        summary = index_footage(
            context.dsn, open_store(context.settings), folder, tenant, now=datetime.now(UTC)
        )
    if as_json:
        print_json(summary.counts())
    else:
        print_table("Films", [summary.counts()])


@evidence.command("plan")
@guarded
def plan_command(tenant: TenantOption = "default", as_json: JsonOption = False) -> None:
    """List the clips that discrepancies ask for and that are not cut yet."""
    from rtv_cli.context import open_context
    from rtv_commands.plan_clips import plan_clips

    context = open_context(tenant)
    margin = context.settings.evidence.margin_seconds
    requests = plan_clips(context.dsn, margin_seconds=margin, tenant_code=tenant)
    if as_json:
        print_json({"requests": [request.as_dict() for request in requests]})
        return
    rows = [
        {
            "camera": request.camera_code,
            "capture": request.capture_id,
            "from": request.window_start_at.isoformat(),
            "to": request.window_end_at.isoformat(),
            "return": request.rtv_no or request.awb_no,
            "mode": request.cut_mode,
        }
        for request in requests
    ]
    print_table("Clips to cut", rows)


@evidence.command("cut")
@guarded
def cut_command(
    *,
    camera: Annotated[
        str | None, typer.Option("--camera", help="Camera to cut from; unset: cut all that is planned.")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="Start, ISO 8601 with offset.")] = None,
    to: Annotated[
        list[str] | None, typer.Option("--to", help="Given twice: the end, and the file to write.")
    ] = None,
    mode: Annotated[str, typer.Option("--mode", help="snap, exact or presentation.")] = "snap",
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Cut a window of a camera into a file, or all planned clips into the store."""
    if camera is None:
        _cut_planned(tenant, as_json=as_json)
    else:
        _cut_one(camera, start, to or [], mode, tenant, as_json=as_json)


@evidence.command("scan")
@guarded
def scan_command(
    path: Annotated[Path, typer.Argument(metavar="FILM_OR_IMAGE", help="Film or picture to read codes in.")],
    expected: Annotated[
        list[str] | None, typer.Option("--expect", help="A code that counts even when seen once.")
    ] = None,
    rate: Annotated[float, typer.Option("--rate", help="Frames looked at per second of film.")] = 5.0,
    as_json: JsonOption = False,
) -> None:
    """Print the codes in a film or picture, with the times they were seen."""
    from dataclasses import asdict

    from rtv_commands.scan_codes import scan_codes

    with errors.status("Reading codes"):
        codes = [asdict(code) for code in scan_codes(path, expected=expected or [], samples_per_second=rate)]
    if as_json:
        print_json({"codes": codes})
    else:
        print_table("Codes", codes)


@evidence.command("clock")
@guarded
def clock_command(
    *,
    camera: Annotated[str | None, typer.Option("--camera", help="Show this camera's clock.")] = None,
    film: Annotated[
        Path | None, typer.Option("--film", help="Measure from the time beacon in this indexed film.")
    ] = None,
    ahead: Annotated[
        float | None,
        typer.Option("--ahead", help="Keep an offset measured by hand: camera less true time, s."),
    ] = None,
    give_or_take: Annotated[
        float, typer.Option("--give-or-take", help="How far off that may be, in seconds.")
    ] = 1.0,
    at: Annotated[
        str | None, typer.Option("--at", help="When it was measured, ISO 8601; unset: now.")
    ] = None,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Measure how far a camera's clock is ahead, or show what is known of it."""
    from rtv_cli.context import open_context
    from rtv_commands.measure_clock import clock_series, measure_clock, state_clock

    context = open_context(tenant)
    now = datetime.now(UTC)
    if film is not None:
        with errors.status("Reading the beacon"):
            found = measure_clock(
                context.dsn, film, settings=context.settings, actor=context.actor, now=now
            ).as_dict()
    elif camera is None:
        raise InvalidInput(
            "Neither a camera nor a film is named",
            remedy="Give --film FILM to measure, or --camera CODE to see what was measured.",
            code="CLOCK_ARGUMENTS",
        )
    elif ahead is not None:
        found = state_clock(
            context.dsn, camera, measured_at=(_moment(at) if at else None) or now, offset_seconds=ahead,
            uncertainty_seconds=give_or_take, actor=context.actor, now=now,
        ).as_dict()  # fmt: skip
    else:
        found = clock_series(context.dsn, tenant, camera, now)
    if as_json:
        print_json(found)
    elif "readings" in found:
        print_table(f"Clock of {camera}", found["readings"])
        for jump in found["jumps"]:
            errors.print(f"Jumped by {jump['seconds']:+g} s between {jump['between']} and {jump['and']}")
    else:
        print_table("Clock", [found])


@evidence.command("seal")
@guarded
def seal_command(
    key_only: Annotated[bool, typer.Option("--key", help="Only print the hub's verifier key.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Seal what is not sealed yet and sign the log; prints the checkpoint and the verifier key."""
    from rtv_cli.context import open_context
    from rtv_commands.seal_entries import seal_checkpoint, verifier_key

    context = open_context()
    if key_only:
        key = verifier_key(context.settings)
        if as_json:
            print_json({"public_key": key})
        else:
            typer.echo(key)
        return
    summary = seal_checkpoint(context.dsn, context.settings, now=datetime.now(UTC))
    if as_json:
        print_json(summary.as_dict())
    else:
        typer.echo(summary.note)
        typer.echo(f"Verifier key: {summary.public_key}")


@evidence.command("hold")
@guarded
def hold_command(as_json: JsonOption = False) -> None:
    """Hold the evidence of open claims in the store, and let go what is no longer needed."""
    from rtv_cli.context import open_context
    from rtv_commands.hold_evidence import hold_evidence
    from rtv_core.objects import open_store

    context = open_context()
    store = open_store(context.settings)
    summary = hold_evidence(context.dsn, store, actor=context.actor, now=datetime.now(UTC))
    if as_json:
        print_json(summary.counts())
    else:
        print_table("Holds", [summary.counts()])


@evidence.command("witness")
@guarded
def witness_command(
    *,
    hub: Annotated[str | None, typer.Option("--hub", help="Address of the hub's API.")] = None,
    trust: Annotated[
        str | None, typer.Option("--trust", metavar="KEY", help="The hub's verifier key, or a file with it.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Name of this witness.")] = "witness.local",
    key_file: Annotated[Path, typer.Option("--key-file", help="This witness's key; made when missing.")],
    state: Annotated[
        Path | None, typer.Option("--state", help="What was signed last; unset: beside the key.")
    ] = None,
    print_key: Annotated[bool, typer.Option("--print-key", help="Only print the witness's key.")] = False,
    as_json: JsonOption = False,
) -> None:
    """As a counterparty: cosign the hub's newest checkpoint when it continues the last one seen."""
    from dataclasses import asdict

    from rtv_commands.verify_bundle import read_trust_key
    from rtv_commands.witness import cosign_over_http, witness_key
    from rtv_core.evidence.cosign import witness_key_text

    key = witness_key(key_file, name)
    if print_key:
        typer.echo(witness_key_text(key))
        return
    if hub is None or trust is None:
        raise InvalidInput(
            "The hub's address or key is missing",
            remedy="Give --hub https://… --trust KEY; `rtv evidence seal --key` prints the hub's.",
            code="WITNESS_ARGUMENTS",
        )
    done = cosign_over_http(
        hub, trust=read_trust_key(trust), key=key, state=state or key_file.with_suffix(".seen.json"),
        now=datetime.now(UTC),
    )  # fmt: skip
    if as_json:
        print_json(asdict(done))
    else:
        typer.echo(
            f"Cosigned the log of {done.tree_size} entries, which continues the {done.seen_before} seen"
        )


def _cut_planned(tenant: str, *, as_json: bool) -> None:
    from rtv_cli.context import open_context
    from rtv_commands.cut_clips import cut_clips
    from rtv_commands.plan_clips import plan_clips
    from rtv_core.objects import open_store

    context = open_context(tenant)
    settings = context.settings
    with errors.status("Cutting clips"):
        requests = plan_clips(
            context.dsn, margin_seconds=settings.evidence.margin_seconds, tenant_code=tenant
        )
        summary = cut_clips(
            context.dsn, open_store(settings), requests, settings=settings, now=datetime.now(UTC)
        )
    if as_json:
        print_json(summary.counts())
    else:
        print_table("Clips", [summary.counts()])


def _cut_one(camera: str, start: str | None, to: list[str], mode: str, tenant: str, *, as_json: bool) -> None:
    from rtv_cli.context import open_context
    from rtv_commands.cut_to_file import cut_to_file
    from rtv_core.objects import open_store

    window, target = _window_and_target(start, to)
    request = _request(camera, window, mode, tenant)
    context = open_context(tenant)
    store = open_store(context.settings)
    written = cut_to_file(context.dsn, store, request, target, now=datetime.now(UTC))
    if as_json:
        found = {
            "files": [str(path) for path in written.paths],
            "contact_sheets": [str(path) for path in written.sheets],
            "manifest": written.manifest,
        }
        print_json(found)
        return
    rows = [
        {
            "file": str(path),
            "seconds": file["seconds"],
            "frames": sum(part["frames"] for part in file["parts"]),
            "pre-roll frames": sum(part["pre_roll_frames"] for part in file["parts"]),
            "sha256": file["sha256"],
        }
        for path, file in zip(written.paths, written.manifest["files"], strict=True)
    ]
    print_table("Clip", rows)
    for sheet in written.sheets:
        typer.echo(f"Contact sheet: {sheet}")
    for gap in written.manifest["gaps"]:
        errors.print(f"No film for {gap['seconds']:g} s from {gap['start_at']}", highlight=False)


def _window_and_target(start: str | None, to: list[str]) -> tuple[tuple[datetime, datetime], Path]:
    ends = [at for at in map(_moment, to) if at]
    targets = [text for text in to if _moment(text) is None]
    begin = _moment(start or "")
    if begin is None or len(ends) != 1 or len(targets) != 1:
        raise InvalidInput(
            "A cut needs a start, an end and a file to write",
            remedy="Give --from 2026-11-01T10:00:00+05:30 --to 2026-11-01T10:01:00+05:30 --to clip.mp4.",
            code="CUT_ARGUMENTS",
        )
    return (begin, ends[0]), Path(targets[0])


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _request(camera: str, window: tuple[datetime, datetime], mode: str, tenant: str) -> ClipRequest:
    if window[1] <= window[0]:
        raise InvalidInput("The window ends before it starts", remedy="Swap the times.", code="CUT_ARGUMENTS")
    try:
        return ClipRequest.from_dict(
            {
                "tenant_code": tenant,
                "camera_code": camera,
                "cut_mode": mode,
                "window_start_at": window[0],
                "window_end_at": window[1],
            }
        )
    except ValidationError as error:
        raise InvalidInput(
            f"{mode!r} is no way to cut", remedy="Use snap, exact or presentation.", code="CUT_ARGUMENTS"
        ) from error


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(evidence)
