"""Reads of consignments whose end is not known yet."""

from __future__ import annotations

from datetime import datetime

from rtv_core.warehouse.connection import Connection, fetch_all


def awaited_awbs(
    connection: Connection, tenant_code: str, transporter_code: str, *, since: datetime
) -> list[str]:
    """AWBs of a transporter with returns announced since then that are not delivered, lost or at the gate."""
    query = """
        select distinct c.awb_no from marts.fct_consignments as c
        inner join marts.fct_rtvs as r on r.tenant_code = c.tenant_code
            and r.platform_code = c.platform_code and (c.rtv_no is null or r.rtv_no = c.rtv_no)
        where c.tenant_code = %(tenant_code)s and c.transporter_code = %(transporter_code)s
            and c.awb_no is not null and c.delivered_at is null and c.handover_at is null and not c.is_lost
            and r.created_at >= %(since)s
        order by c.awb_no"""
    values = {"tenant_code": tenant_code, "transporter_code": transporter_code, "since": since}
    return [str(row["awb_no"]) for row in fetch_all(connection, query, values)]
