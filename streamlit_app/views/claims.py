"""Claims: by state and deadline; a person approves, the bundle is written, the claim is filed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

import streamlit as st

from rtv_core.warehouse.marts import claims as reads
from streamlit_app.components.claim_actions import show_actions
from streamlit_app.components.notices import show_empty
from streamlit_app.components.pieces import (
    Figure,
    anchor,
    badge,
    facts,
    figures,
    link,
    section,
    table,
    title,
    way,
)
from streamlit_app.session import PageContext, page_context, published
from streamlit_app.words import NOTHING, at, count, day, grouped, money, short_money, until, words

BOARD: dict[str, tuple[str, ...]] = {
    "draft": ("draft",),
    "ready": ("ready",),
    "approved": ("approved",),
    "filed": ("filed", "info_requested", "appealed"),
    "settled": ("accepted", "part_accepted", "reimbursed", "closed"),
    "lost": ("rejected", "clawed_back", "dropped", "time_barred"),
}
NOTES = {
    "draft": "proof still missing",
    "ready": "wait for approval",
    "approved": "to file",
    "filed": "with the other side",
    "settled": "accepted or paid",
    "lost": "rejected or dropped",
}


def show() -> None:
    """Draw the page from one snapshot."""
    context = page_context()
    title(
        "Claims",
        "Final discrepancies of one liable party, return and reason. A person approves each "
        "before it leaves.",
    )
    with context.reads() as connection:
        build, as_of = published(connection)
        if build is None:
            as_of = datetime.now(UTC)
        claims = reads.claims(connection, context.tenant_code)
        wanted = st.query_params.get("claim")
        chosen = reads.claim_of(connection, context.tenant_code, wanted) if wanted else None
        lines = reads.lines_of_claim(connection, chosen.claim_id) if chosen else []
        events = reads.events_of_claim(connection, chosen.claim_id) if chosen else []
    if wanted and chosen is None:
        show_empty(f"There is no claim {wanted}", "It may belong to another brand; open one of the list.")
    if chosen:
        _show_claim(chosen, lines, events, as_of, context)
        return
    if not claims:
        show_empty(
            "No claim is assembled yet",
            "The DAG assemble_claims groups final discrepancies into claims; it runs after the "
            "evidence is cut.",
        )
        return
    figures([_board_figure(state, claims) for state in BOARD])
    _show_board(claims, st.query_params.get("state"), as_of, context)


def _board_figure(state: str, claims: Sequence[reads.Claim]) -> Figure:
    of_state = [claim for claim in claims if claim.claim_status in BOARD[state]]
    tone = {"ready": "warn", "settled": "good", "lost": "bad"}.get(state, "plain") if of_state else "plain"
    value = short_money(sum(claim.claimed_minor for claim in of_state))
    return Figure(words(state), value, f"{len(of_state)} {NOTES[state]}", link("claims", state=state), tone)


def _show_board(
    claims: Sequence[reads.Claim], state: str | None, as_of: datetime, context: PageContext
) -> None:
    shown = [claim for claim in claims if state not in BOARD or claim.claim_status in BOARD[state]]
    section(words(state) if state in BOARD else "All claims", "The nearest deadline first.")
    if state in BOARD:
        way("Show all claims", link("claims"))
    if not shown:
        show_empty("No claim is in this state", "Choose another state above.")
        return
    rows = [
        [
            anchor(claim.claim_no, link("claims", claim=claim.claim_no)),
            badge(claim.claim_status),
            escape(words(claim.claim_reason)),
            escape(claim.party_code),
            f'<span class="nowrap">{escape(until(claim.due_at, as_of))}</span><br>'
            f"<small class=nowrap>{day(claim.due_at, context.zone)}</small>",
            f"{claim.lines_with_film} of {claim.claim_lines}",
            money(claim.claimed_minor, claim.currency_code)
            + ("<br><small>terms unverified</small>" if claim.is_terms_unverified else ""),
        ]
        for claim in shown
    ]
    headings = ["Claim", "State", "Reason", "Against", "Due", "With film", "Claimed"]
    table(headings, rows, numeric=[5, 6], caption="Claims")


def _show_claim(
    claim: reads.Claim,
    lines: Sequence[reads.ClaimLine],
    events: Sequence[reads.ClaimEvent],
    as_of: datetime,
    context: PageContext,
) -> None:
    way("← All claims", link("claims"))
    section(claim.claim_no)
    terms = (
        badge("terms unverified", "warn") if claim.is_terms_unverified else badge("under a playbook", "good")
    )
    opened = (
        anchor(claim.rtv_no, link("rtv", platform=claim.platform_code, rtv=claim.rtv_no))
        if claim.rtv_no
        else NOTHING
    )
    facts(
        {
            "State": badge(claim.claim_status),
            "Claimed": f"<b>{money(claim.claimed_minor, claim.currency_code)}</b>",
            "Recovered": money(claim.recovered_minor, claim.currency_code),
            "Against": escape(claim.party_code),
            "Reason": escape(words(claim.claim_reason)),
            "Return": opened,
            "Due": f"{day(claim.due_at, context.zone)} ({escape(until(claim.due_at, as_of))})",
            "Terms": terms,
            "Approved by": escape(claim.approved_by or NOTHING),
            "Their reference": escape(claim.filing_reference or NOTHING),
        }
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        _show_lines(lines)
        _show_events(events, context)
    with right:
        show_actions(claim, context)


def _show_lines(lines: Sequence[reads.ClaimLine]) -> None:
    section("Lines", count(sum(line.claimed_qty for line in lines), "unit") + " claimed.")
    rows = []
    for line in lines:
        film = (
            anchor("sealed film" if line.is_sealed else "film", link("evidence", clip=line.clip_id))
            if line.clip_status == "cut"
            else escape((line.clip_status or "none").replace("_", " "))
        )
        changed = line.current_value_minor is not None and line.current_value_minor != line.claimed_minor
        note = f"<br><small>today {money(line.current_value_minor)}</small>" if changed else ""
        rows.append(
            [
                f"{escape(line.sku_code or words(line.rule_code))}"
                f"<br><small>{escape(line.liability_reason or '')}</small>",
                grouped(line.claimed_qty),
                money(line.claimed_minor) + note,
                film,
            ]
        )
    table(["What", "Units", "Claimed", "Proof"], rows, numeric=[1, 2], caption="Lines of the claim")


def _show_events(events: Sequence[reads.ClaimEvent], context: PageContext) -> None:
    section("History")
    rows = [
        [
            f'<span class="nowrap">{at(event.happened_at, context.zone)}</span>',
            badge(event.to_status),
            escape(event.actor_name),
            escape(event.note or ""),
        ]
        for event in events
    ]
    table(["At", "State", "Who", "Note"], rows, caption="History of the claim")
