"""Write one return, or one carton of it, as an EPCIS 2.0 document."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from rtv_core.errors import NotFound
from rtv_core.exports.epcis import Return, epcis_document
from rtv_core.exports.whole import written_whole
from rtv_core.warehouse.marts.handling import accounts, found_in_cartons, handed_over
from rtv_core.warehouse.marts.reading import reading


def export_epcis(
    dsn: str,
    of: Return,
    path: Path,
    *,
    tenant_code: str,
    now: datetime,
    carton_no: str | None = None,
) -> dict[str, Any]:
    """Write the document to `path`, whole or not at all; returns it.

    Raises `NotFound` when nothing of that return, or of that carton, was captured.
    """
    which = (tenant_code, of.platform_code, of.rtv_no)
    with reading(dsn) as connection:
        found = found_in_cartons(connection, *which, carton_no)
        handovers, lines = handed_over(connection, *which), accounts(connection, *which)
    if not found:
        carton = f", carton {carton_no}," if carton_no else ""
        raise NotFound(
            f"Nothing of {of.platform_code} {of.rtv_no}{carton} was captured",
            remedy="Check platform, number and carton; what was captured shows after the next build.",
            code="RTV_NOT_CAPTURED",
        )
    document = epcis_document(
        of, handovers, found, lines, created_at=now, is_one_carton=carton_no is not None
    )
    with written_whole(path) as part:
        part.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return document
