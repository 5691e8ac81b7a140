"""`rtv evidence mask` and `present`: what nobody outside sees, and the clips that are for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from rtv_cli.commands.evidence import evidence
from rtv_cli.output import errors, guarded, print_json, print_table
from rtv_core.errors import InvalidInput
from rtv_core.model.mask import Mask

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
TenantOption = Annotated[str, typer.Option("--tenant", help="Tenant to act in.")]


@guarded
def mask_command(
    *,
    camera: Annotated[str, typer.Option("--camera", help="Camera code.")],
    area: Annotated[
        list[str] | None,
        typer.Option(
            "--area", metavar="L,T,W,H", help="Left, top, width and height in percent; repeat for each."
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why; needed to set masks.")] = None,
    end_all: Annotated[bool, typer.Option("--none", help="No masks from now on.")] = False,
    tenant: TenantOption = "default",
    as_json: JsonOption = False,
) -> None:
    """Set the masks of a camera from now on; without --area and --none, show those in force."""
    from rtv_cli.context import open_context
    from rtv_commands.set_masks import set_masks
    from rtv_core.warehouse.connection import connect
    from rtv_core.warehouse.presentation_store import masks_in_force

    masks = [_mask(text) for text in area or ()]
    if masks and end_all:
        raise InvalidInput("--area and --none exclude each other", remedy="Give one.", code="MASK_ARGUMENTS")
    context, now = open_context(tenant), datetime.now(UTC)
    if masks or end_all:
        set_masks(context.dsn, camera, masks, reason=reason or "", actor=context.actor, now=now)
    with connect(context.dsn) as connection:
        in_force = [mask.as_dict() for mask in masks_in_force(connection, tenant, now).get(camera, ())]
    if as_json:
        print_json({"camera_code": camera, "masks": in_force})
    else:
        print_table(f"Masks of {camera}", in_force)


@guarded
def present_command(tenant: TenantOption = "default", as_json: JsonOption = False) -> None:
    """Make the presentations that are due: cameras with masks, and claims waiting for approval."""
    from rtv_cli.context import open_context
    from rtv_commands.present_clips import present_clips
    from rtv_core.objects import open_store

    context = open_context(tenant)
    with errors.status("Making presentations"):
        summary = present_clips(
            context.dsn, open_store(context.settings), settings=context.settings, now=datetime.now(UTC),
            tenant_code=tenant,
        )  # fmt: skip
    if as_json:
        print_json(summary.as_dict())
        return
    print_table("Presentations", [{"made": summary.made, "failed": summary.failed}])
    for finding in summary.findings:
        errors.print(finding, highlight=False)


def _mask(text: str) -> Mask:
    try:
        return Mask(*map(float, text.split(",")))
    except (ValueError, TypeError) as error:
        raise InvalidInput(
            f"{text!r} is no part of a picture",
            remedy="Give left, top, width and height in percent of the picture, as 60,0,40,25.",
            code="MASK_ARGUMENTS",
        ) from error


def register(_app: typer.Typer) -> None:
    """Attach the commands to `rtv evidence`."""
    evidence.command("mask")(mask_command)
    evidence.command("present")(present_command)
