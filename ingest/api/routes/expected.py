"""What a consignment should hold, and where a record stands."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from ingest.api.models import PROBLEMS
from ingest.api.security import CurrentCaller, CurrentSettings, Now
from rtv_core.errors import InvalidInput, NotFound
from rtv_core.warehouse import bay_reads
from rtv_core.warehouse.assignment_store import assignments_of_awb
from rtv_core.warehouse.connection import connect

router = APIRouter(tags=["reads"])
_Number = Annotated[str | None, Query(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
_FileName = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.\-]{1,200}$")]


@router.get("/v1/expected", responses=PROBLEMS)
def get_expected(
    caller: CurrentCaller,
    settings: CurrentSettings,
    now: Now,
    awb: _Number = None,
    rtv_no: _Number = None,
) -> dict[str, Any]:
    """Declared lines of an AWB or RTV number with titles and codes, what came so far, and the proof needed.

    `assignments` says who is to open it, at the caller's node or at each; none when it waits for anybody.

    An unknown number answers with no lines: a box without papers is received blind.
    """
    awb_normal = re.sub("[^A-Z0-9]", "", (awb or "").upper())
    if not awb_normal and not (rtv_no or "").strip():
        raise InvalidInput(
            "Neither awb nor rtv_no is given", remedy="Scan or type one of the two.", code="NUMBER_MISSING"
        )
    tenant = caller.actor.tenant_code
    with connect(settings.warehouse_dsn(), application_name="rtv-bay") as connection:
        lines = bay_reads.expected_lines(
            connection, tenant, awb_normal=awb_normal, rtv_no=(rtv_no or "").strip()
        )
        awbs = {re.sub("[^A-Z0-9]", "", line["awb_no"].upper()) for line in lines if line["awb_no"]}
        known = awb_normal or (awbs.pop() if len(awbs) == 1 else "")
        kits = sorted({line["sku_code"] for line in lines if line["is_kit"]})
        parties = sorted(
            {line[name] for line in lines for name in ("platform_code", "transporter_code") if line[name]}
        )
        return {
            "awb_no": known or None,
            "is_known": bool(lines),
            "lines": lines,
            "kit_components": bay_reads.kit_components(connection, tenant, kits) if kits else [],
            "gate_receipts": bay_reads.gate_receipts(connection, tenant, known) if known else [],
            "assignments": assignments_of_awb(connection, tenant, known, node_code=caller.node_code, now=now)
            if known
            else [],
            "captured_items": bay_reads.captured_items(connection, tenant, known) if known else [],
            "proofs_required": bay_reads.proofs_required(connection, tenant, parties) if parties else [],
        }


@router.get("/v1/records/{file_name}", responses=PROBLEMS)
def get_record(file_name: _FileName, caller: CurrentCaller, settings: CurrentSettings) -> dict[str, Any]:
    """Where a record stands: `received`, `loaded`, or `quarantined` with the reason."""
    with connect(settings.warehouse_dsn(), application_name="rtv-bay") as connection:
        found = bay_reads.received_file(connection, caller.actor.tenant_code, file_name)
        if found is None:
            raise NotFound(
                f"No record {file_name} came in",
                remedy="Use the file_name of its 202.",
                code="RECORD_NOT_FOUND",
            )
        found["quarantined_row"] = (
            bay_reads.quarantined_row(connection, found["file_id"]) if found["rows_quarantined"] else None
        )
    return found
