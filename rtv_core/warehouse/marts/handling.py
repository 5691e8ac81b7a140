"""Reads of how the units of one return were handled: its receipts at the gate and what was found inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rtv_core.warehouse.connection import Connection
from rtv_core.warehouse.marts.reading import rows_of


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A consignment of the return that came to the gate."""

    awb_no: str | None
    node_code: str | None
    timezone: str | None
    handover_at: datetime
    gate_cartons: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """Units of one article found in one capture, with the verdict on them; None when sound."""

    capture_id: str
    awb_no: str | None
    carton_no: str | None
    node_code: str | None
    timezone: str | None
    ended_at: datetime
    sku_code: str | None
    gtin: str | None
    scanned_code: str
    batch_no: str | None
    expiry_on: date | None
    condition_verdict: str | None
    qty: int


@dataclass(frozen=True, slots=True)
class Account:
    """What one article of the return should have been and was."""

    sku_code: str | None
    gtin: str | None
    batch_no: str | None
    declared_qty: int
    short_qty: int
    excess_qty: int
    pending_qty: int


_RTV = "tenant_code = %(tenant_code)s and {0}.platform_code = %(platform_code)s and {0}.rtv_no = %(rtv_no)s"


def handed_over(
    connection: Connection, tenant_code: str, platform_code: str, rtv_no: str
) -> list[HandedOver]:
    """The consignments on which units of the return were captured, by handover."""
    query = f"""
        select distinct c.awb_no, c.node_code, n.timezone, c.handover_at, c.gate_cartons
        from marts.fct_captured_items as i
        inner join marts.fct_consignments as c on c.tenant_code = i.tenant_code
            and c.awb_no is not distinct from i.awb_no
            and c.transporter_code is not distinct from i.transporter_code
        left join marts.dim_nodes as n on n.tenant_code = c.tenant_code and n.node_code = c.node_code
        where i.{_RTV.format("i")} and c.handover_at is not null
        order by c.handover_at, c.awb_no"""
    return rows_of(connection, HandedOver, query, _values(tenant_code, platform_code, rtv_no))


def found_in_cartons(
    connection: Connection, tenant_code: str, platform_code: str, rtv_no: str, carton_no: str | None
) -> list[Found]:
    """What was captured of the return, of one carton or of all, in the order of the captures."""
    query = f"""
        select i.capture_id, i.awb_no, i.carton_no, i.node_code, n.timezone, i.ended_at, i.sku_code, s.gtin,
            i.scanned_code, i.batch_no, i.expiry_on, i.condition_verdict, sum(i.qty)::bigint as qty
        from marts.fct_captured_items as i
        left join marts.dim_skus as s on s.tenant_code = i.tenant_code and s.sku_code = i.sku_code
        left join marts.dim_nodes as n on n.tenant_code = i.tenant_code and n.node_code = i.node_code
        where i.{_RTV.format("i")} and (%(carton_no)s::text is null or i.carton_no = %(carton_no)s)
        group by i.capture_id, i.awb_no, i.carton_no, i.node_code, n.timezone, i.ended_at, i.sku_code, s.gtin,
            i.scanned_code, i.batch_no, i.expiry_on, i.condition_verdict
        order by i.ended_at, i.capture_id, i.sku_code, i.batch_no, i.condition_verdict, i.scanned_code"""
    values = _values(tenant_code, platform_code, rtv_no) | {"carton_no": carton_no}
    return rows_of(connection, Found, query, values)


def accounts(connection: Connection, tenant_code: str, platform_code: str, rtv_no: str) -> list[Account]:
    """The lines of the return."""
    query = f"""
        select l.sku_code, s.gtin, l.batch_no, l.declared_qty, l.short_qty, l.excess_qty, l.pending_qty
        from marts.fct_rtv_lines as l
        left join marts.dim_skus as s on s.tenant_code = l.tenant_code and s.sku_code = l.sku_code
        where l.{_RTV.format("l")} order by l.sku_code, l.batch_no"""
    return rows_of(connection, Account, query, _values(tenant_code, platform_code, rtv_no))


def _values(tenant_code: str, platform_code: str, rtv_no: str) -> dict[str, str | None]:
    return {"tenant_code": tenant_code, "platform_code": platform_code, "rtv_no": rtv_no}
