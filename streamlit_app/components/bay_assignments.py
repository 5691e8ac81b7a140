"""Who has which consignment at the bay, and a lead's hand on it: assign, hand over, take back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import streamlit as st

from rtv_commands.assign_consignment import Wish, assign_consignment
from rtv_core.errors import RtvError
from rtv_core.identity import LEADS
from rtv_core.model.assignment import Assignee, Consignment
from rtv_core.warehouse.assignment_store import Held
from rtv_core.warehouse.bay_activity import Waiting
from streamlit_app.components.notices import show_error
from streamlit_app.components.pieces import badge, section, table
from streamlit_app.session import PageContext
from streamlit_app.words import NOTHING, at, grouped, since, until

OUTCOME = "bay.assigned"
_CONSIGNMENT = "bay.assign.consignment"
# Nobody opened a carton for so long: the bay stands still, or its operator went to lunch.
QUIET = timedelta(minutes=15)


def holder_of(row: Waiting) -> str:
    """Who has a waiting consignment, and from whom he took it over, as HTML."""
    return _holder(row.assigned_operator, row.assigned_bay, row.handed_over_from)


def show_held(held: Sequence[Held], now: datetime, context: PageContext) -> None:
    """Who works on what now."""
    section("Who works on what", "Assigned until the end of the shift; a hand-over outlives it.")
    rows = [
        [
            _holder(row.operator_code, row.bay_code, row.handed_over_from),
            f"{escape(row.awb_no)}<br><small>{escape(row.node_code)}</small>",
            f"{since(row.assigned_at, now)}<br><small>by {escape(row.assigned_by)}</small>",
            grouped(row.captures),
            f"{escape(row.worked_on_by)}<br><small>{at(row.worked_on_at, context.zone)}</small>"
            if row.worked_on_by
            else NOTHING,
            until(row.lapses_at, now),
            _state(row, now),
        ]
        for row in held
    ]
    headings = ["Assigned to", "AWB", "Since", "Cartons", "Opened last by", "Shift ends", "State"]
    table(headings, rows, numeric=[3], caption="Consignments that are assigned")


def offer_assignment(
    waiting: Sequence[Waiting], operators: Sequence[Mapping[str, Any]], context: PageContext
) -> None:
    """Give a waiting consignment to an operator or a bay, or take it back."""
    _say_outcome()
    if not context.actor.may(*LEADS):
        return
    by_name = {f"{row.node_code} {row.awb_no}": row for row in waiting if row.node_code}
    if not by_name:
        return
    section("Assign")
    what, who, where = st.columns([2, 2, 1])
    name = what.selectbox("Consignment", list(by_name), key=_CONSIGNMENT)
    row = by_name[name]
    operator_key, bay_key = f"bay.who.{row.node_code}", f"bay.where.{row.node_code}.{row.awb_no}"
    codes = [o["operator_code"] for o in operators if o["is_active"] and o["node_code"] == row.node_code]
    operator = who.selectbox(
        "Operator", codes, index=None, placeholder="Whoever works at the bay", key=operator_key
    )
    bay = where.text_input("Bay", value=row.bay_code or "", key=bay_key)
    give, take = st.columns(2)
    # The assignment seen is fixed as it is drawn: whoever was quicker meanwhile is not overruled unseen.
    # To whom is read as it is pressed: a choice made just before counts.
    give.button(
        "Hand over" if row.assigned_operator else "Assign",
        type="primary",
        width="stretch",
        disabled=not (operator or bay.strip()),
        on_click=_assign_chosen,
        args=(name, row, (operator_key, bay_key), context),
    )
    take.button(
        "Take back",
        width="stretch",
        disabled=row.assignment_id is None,
        on_click=_assign,
        args=(_wish(row, Assignee()), context),
    )


def _assign_chosen(name: str, row: Waiting, keys: tuple[str, str], context: PageContext) -> None:
    """Assign to whom the controls name now; not where they name another consignment than was drawn."""
    if st.session_state.get(_CONSIGNMENT) == name:
        operator, bay = (st.session_state.get(key) for key in keys)
        _assign(_wish(row, Assignee(operator, (bay or "").strip() or None)), context)


def _wish(row: Waiting, assignee: Assignee) -> Wish:
    return Wish(Consignment(row.node_code or "", row.awb_no), assignee, row.assignment_id)


def _assign(wish: Wish, context: PageContext) -> None:
    shift = timedelta(hours=context.settings.api.session_hours)
    try:
        made = assign_consignment(context.dsn, wish, shift=shift, actor=context.actor, now=datetime.now(UTC))
    except RtvError as error:
        st.session_state[OUTCOME] = error
        return
    who = f"is with {made.holder}" if made else "waits for anybody"
    st.session_state[OUTCOME] = f"{wish.consignment.awb_no} {who} now."


def _say_outcome() -> None:
    outcome = st.session_state.pop(OUTCOME, None)
    if isinstance(outcome, RtvError):
        show_error(outcome)
    elif outcome:
        st.success(outcome)


def _holder(operator_code: str | None, bay_code: str | None, handed_over_from: str | None) -> str:
    fine = [escape(bay_code)] if operator_code and bay_code else []
    fine += [f"handed over by {escape(handed_over_from)}"] if handed_over_from else []
    name = escape(operator_code) if operator_code else f"bay {escape(bay_code or '')}"
    return f"{name}<br><small>{' · '.join(fine)}</small>" if fine else name


def _state(row: Held, now: datetime) -> str:
    if row.worked_on_at is None or row.worked_on_at < row.assigned_at:
        return badge("not begun", "warn" if now - row.assigned_at > QUIET else "plain")
    if row.operator_code not in {None, row.worked_on_by}:
        return badge(f"opened by {row.worked_on_by}", "warn")
    return badge("at work", "good") if now - row.worked_on_at < QUIET else badge("quiet", "warn")
