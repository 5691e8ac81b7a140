"""Small pieces of a page in HTML: title, figures, badges, tables. What is shown is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

import streamlit as st

TONES = {
    "high": "good",
    "medium": "plain",
    "low": "warn",
    "cut": "good",
    "no_footage": "warn",
    "failed": "bad",
    "loaded": "good",
    "quarantined": "bad",
    "received": "plain",
    "loading": "plain",
    "success": "good",
    "running": "plain",
    "queued": "plain",
    "draft": "plain",
    "ready": "warn",
    "approved": "good",
    "filed": "good",
    "rejected": "bad",
}


NIL = frozenset({"", "·", "–"})


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its name, its fine print and where its rows are."""

    name: str
    value: str
    note: str
    href: str | None = None
    tone: str = "plain"


def link(path: str, **query: str | int | None) -> str:
    """The address of a page of ours with its filters."""
    kept = {name: value for name, value in query.items() if value is not None}
    return f"/{path}" + (f"?{urlencode(kept)}" if kept else "")


def badge(text: str, tone: str | None = None) -> str:
    """A short state in a pill."""
    return (
        '<span class="rtv-badge '
        f'rtv-{tone or TONES.get(text, "plain")}">{escape(text.replace("_", " "))}</span>'
    )


def anchor(text: str, href: str) -> str:
    """A link within the dashboard."""
    return f'<a href="{escape(href, quote=True)}" target="_self">{escape(text)}</a>'


def way(text: str, href: str) -> None:
    """A link on a line of its own."""
    st.html(f'<div class="rtv-back">{anchor(text, href)}</div>')


def title(heading: str, lead: str, *, badges: str = "") -> None:
    """The head of a page."""
    st.html(f'<header class="rtv-title"><h1>{escape(heading)} {badges}</h1><p>{escape(lead)}</p></header>')


def section(heading: str, lead: str = "") -> None:
    """The head of a part of a page."""
    tail = f"<p>{escape(lead)}</p>" if lead else ""
    st.html(f'<div class="rtv-section"><h2>{escape(heading)}</h2>{tail}</div>')


def figures(items: Sequence[Figure]) -> None:
    """Figures side by side; each opens its rows."""
    cards = []
    for item in items:
        inner = (
            f'<span class="name">{escape(item.name)}</span><span class="value">{escape(item.value)}</span>'
            f'<span class="note">{escape(item.note)}</span>'
        )
        kind = f'class="rtv-figure rtv-{item.tone}"'
        cards.append(
            f'<a {kind} href="{escape(item.href, quote=True)}" target="_self">{inner}</a>'
            if item.href
            else f"<div {kind}>{inner}</div>"
        )
    st.html(f'<div class="rtv-figures">{"".join(cards)}</div>')


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: Iterable[int] = (), caption: str
) -> None:
    """A plain table; its cells are HTML of this module or escaped by the caller. Cards on a phone."""
    right = set(numeric)

    def kinds(position: int, cell: str) -> str:
        names = ["num"] * (position in right) + ["rtv-nil"] * (cell in NIL)
        return f' class="{" ".join(names)}"' if names else ""

    def cells(row: Sequence[str]) -> str:
        return "".join(
            f'<td data-label="{escape(headings[position], quote=True)}"{kinds(position, cell)}>'
            f"<div>{cell}</div></td>"
            for position, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells(row)}</tr>" for row in rows)
    head = "".join(
        f"<th{' class=num' if position in right else ''}>{escape(name)}</th>"
        for position, name in enumerate(headings)
    )
    st.html(
        '<div class="rtv-table" tabindex="0" role="region" '
        f'aria-label="{escape(caption, quote=True)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def facts(values: Mapping[str, str]) -> None:
    """Names and values in a grid; the values are HTML made by this module or escaped by the caller."""
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in values.items())
    st.html(f'<dl class="rtv-facts">{cells}</dl>')
