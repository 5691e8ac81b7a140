"""Reads and writes what people settle: write-offs of debit lines, closed months, answers to claims."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from rtv_core.warehouse.connection import Connection, fetch_all


def debit_line(
    connection: Connection, tenant_code: str, platform_code: str, debit_note_no: str, debit_line_no: str
) -> dict[str, Any] | None:
    """A published debit line; None when the build knows none."""
    found = fetch_all(
        connection,
        """
        select currency_code, debited_minor, open_minor from marts.fct_debit_lines
        where tenant_code = %s and platform_code = %s and debit_note_no = %s and debit_line_no = %s
        """,
        (tenant_code, platform_code, debit_note_no, debit_line_no),
    )
    return found[0] if found else None


def open_debit_lines(
    connection: Connection, tenant_code: str, platform_code: str | None
) -> list[dict[str, Any]]:
    """Published debit lines with an open amount, the largest first."""
    return fetch_all(
        connection,
        """
        select platform_code, debit_note_no, debit_line_no, rtv_no, sku_code, currency_code, debited_minor,
               accepted_minor, disputed_minor, open_minor, written_off_minor, period_on
        from marts.fct_debit_lines
        where tenant_code = %(tenant)s and open_minor > 0
          and (%(platform)s::text is null or platform_code = %(platform)s)
        order by open_minor desc, platform_code, debit_note_no, debit_line_no
        """,
        {"tenant": tenant_code, "platform": platform_code},
    )


def pending_minor(
    connection: Connection, tenant_code: str, platform_code: str, debit_note_no: str, debit_line_no: str
) -> int:
    """What of a debit line waits for approval to be written off."""
    row = connection.execute(
        """
        select coalesce(sum(amount_minor), 0) as amount_minor from ops.write_offs
        where tenant_code = %s and platform_code = %s and debit_note_no = %s and debit_line_no = %s
          and write_off_status = 'requested'
        """,
        (tenant_code, platform_code, debit_note_no, debit_line_no),
    ).fetchone()
    assert row is not None
    return int(row["amount_minor"])


def insert_write_off(connection: Connection, values: dict[str, Any]) -> int:
    """Add a request; returns its number."""
    row = connection.execute(
        """
        insert into ops.write_offs (tenant_code, platform_code, debit_note_no, debit_line_no, amount_minor,
                                    currency_code, reason, write_off_status, requested_by, requested_at)
        values (%(tenant_code)s, %(platform_code)s, %(debit_note_no)s, %(debit_line_no)s, %(amount_minor)s,
                %(currency_code)s, %(reason)s, 'requested', %(requested_by)s, %(requested_at)s)
        returning write_off_id
        """,
        values,
    ).fetchone()
    assert row is not None
    return int(row["write_off_id"])


def read_write_off(connection: Connection, tenant_code: str, write_off_id: int) -> dict[str, Any] | None:
    """One request, locked until the transaction ends."""
    found = fetch_all(
        connection,
        "select * from ops.write_offs where tenant_code = %s and write_off_id = %s for update",
        (tenant_code, write_off_id),
    )
    return found[0] if found else None


def list_write_offs(connection: Connection, tenant_code: str) -> list[dict[str, Any]]:
    """All requests and what became of them, newest first."""
    return fetch_all(
        connection,
        "select * from ops.write_offs where tenant_code = %s order by write_off_id desc",
        (tenant_code,),
    )


def decide_write_off(
    connection: Connection, write_off_id: int, status: str, *, by: str, note: str | None, now: datetime
) -> None:
    """Note the decision on a request."""
    connection.execute(
        """
        update ops.write_offs set write_off_status = %s, decided_by = %s, decided_at = %s, decision_note = %s
        where write_off_id = %s
        """,
        (status, by, now, note, write_off_id),
    )


def closed_periods(connection: Connection, tenant_code: str) -> list[dict[str, Any]]:
    """Closed months, in order, with the allocations each has fixed."""
    return fetch_all(
        connection,
        """
        select p.period_on, p.closed_by, p.closed_at, count(f.allocated_qty) as fixed_allocations,
               coalesce(sum(f.allocated_qty), 0)::bigint as fixed_qty
        from ops.closed_periods as p left join ops.fixed_allocations as f using (tenant_code, period_on)
        where p.tenant_code = %s
        group by p.period_on, p.closed_by, p.closed_at order by p.period_on
        """,
        (tenant_code,),
    )


def insert_closed_period(
    connection: Connection, tenant_code: str, period_on: date, *, by: str, now: datetime
) -> int:
    """Close a month and fix its returns' published allocations; returns how many it fixed."""
    connection.execute(
        """
        insert into ops.closed_periods (tenant_code, period_on, closed_by, closed_at) values (%s, %s, %s, %s)
        """,
        (tenant_code, period_on, by, now),
    )
    return connection.execute(
        """
        insert into ops.fixed_allocations (tenant_code, period_on, platform_code, rtv_no, sku_code,
                                           invoice_no, invoice_line_no, allocated_qty)
        select a.tenant_code, %(period)s, a.platform_code, a.rtv_no, a.sku_code, a.invoice_no,
               a.invoice_line_no, sum(a.allocated_qty)
        from marts.fct_invoice_allocations as a
        inner join marts.fct_rtvs as r
            on a.tenant_code = r.tenant_code and a.platform_code = r.platform_code and a.rtv_no = r.rtv_no
        where a.tenant_code = %(tenant)s and a.is_allocated
          and r.created_on < (%(period)s::date + interval '1 month')
        group by 1, 3, 4, 5, 6, 7
        on conflict do nothing
        """,
        {"tenant": tenant_code, "period": period_on},
    ).rowcount


def waiting_answers(connection: Connection, reporting_timezone: str) -> list[dict[str, Any]]:
    """Answers that came in by file and are not carried to their claim yet, in the order they were given."""
    return fetch_all(
        connection,
        """
        select o.tenant_code, o.claim_no, o.outcome_at, o.status, o.rejection_code, o.reference,
               round(o.amount * 100)::bigint as amount_minor,
               case when o.outcome_at ~ '(Z|[+-][0-9]{2}:?[0-9]{2})$' then o.outcome_at::timestamptz
                    else o.outcome_at::timestamp at time zone %s end as answered_at
        from raw.claim_outcomes as o
        left join ops.claim_answers as a
            on a.tenant_code = o.tenant_code and a.claim_no = o.claim_no and a.outcome_at = o.outcome_at
            and a.outcome_status = o.status
        where o._superseded_at is null and (a.claim_no is null or a.refusal_code is not null)
        order by answered_at, o.claim_no, o.status
        """,
        (reporting_timezone,),
    )


def claims_called(connection: Connection, tenant_code: str, names: list[str]) -> list[str]:
    """Claims with one of these numbers, or filed under one of them as the party's reference."""
    return [
        row["claim_no"]
        for row in fetch_all(
            connection,
            """
            select claim_no from ops.claims
            where tenant_code = %(tenant)s
              and (claim_no = any(%(names)s) or filing_reference = any(%(names)s))
            order by claim_no = any(%(names)s) desc, claim_no
            """,
            {"tenant": tenant_code, "names": names},
        )
    ]


def note_answer(
    connection: Connection,
    answer: dict[str, Any],
    claim_id: int | None,
    refusal: tuple[str, str] | None,
    now: datetime,
) -> None:
    """Note that an answer was carried to its claim, or why it could not be."""
    code, fact = refusal or (None, None)
    connection.execute(
        """
        insert into ops.claim_answers (tenant_code, claim_no, outcome_at, outcome_status, claim_id,
                                       refusal_code, refusal_fact, seen_at)
        values (%(tenant_code)s, %(claim_no)s, %(outcome_at)s, %(status)s, %(claim_id)s, %(code)s, %(fact)s,
                %(now)s)
        on conflict (tenant_code, claim_no, outcome_at, outcome_status) do update
            set claim_id = excluded.claim_id, refusal_code = excluded.refusal_code,
                refusal_fact = excluded.refusal_fact, seen_at = excluded.seen_at
        """,
        {**answer, "claim_id": claim_id, "code": code, "fact": fact, "now": now},
    )


def refused_answers(connection: Connection, tenant_code: str) -> list[dict[str, Any]]:
    """Answers that could not be carried to a claim, with the reason."""
    return fetch_all(
        connection,
        """
        select claim_no, outcome_at, outcome_status, refusal_code, refusal_fact, seen_at
        from ops.claim_answers
        where tenant_code = %s and refusal_code is not null order by outcome_at, claim_no
        """,
        (tenant_code,),
    )
