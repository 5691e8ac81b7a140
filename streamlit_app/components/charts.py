"""The plots, in the theme's colours; each answers one question and carries it as its title."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import streamlit as st

from rtv_core.warehouse.marts.rtvs import Moment, Movement
from rtv_core.warehouse.marts.today import AgeBand, Cause
from streamlit_app.components.theme import colour, series
from streamlit_app.words import at, count, short_money, words

AGE_BANDS = ("0–7 days", "8–15 days", "16–30 days", "31–60 days", "over 60 days")
_LANES = ("debit", "bay", "gate", "transport", "manifest")
_LANE_WORDS = {
    "manifest": "Platform",
    "transport": "Transporter",
    "gate": "Gate",
    "bay": "Bay",
    "debit": "Debit",
}


def _draw(figure: go.Figure, *, height: int, key: str) -> None:
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "Source Sans, Source Sans Pro, sans-serif", "size": 13, "color": colour("ink")},
        hoverlabel={
            "bgcolor": colour("card"),
            "font": {"color": colour("ink")},
            "bordercolor": colour("line"),
        },
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title": None},
    )
    figure.update_xaxes(gridcolor=colour("line"), zeroline=False, linecolor=colour("line"), automargin=True)
    figure.update_yaxes(gridcolor=colour("line"), zeroline=False, linecolor=colour("line"), automargin=True)
    st.plotly_chart(figure, theme=None, key=key, config={"displayModeBar": False, "displaylogo": False})


def draw_captures(minutes: Sequence[tuple[datetime, int, int]], zone: ZoneInfo) -> None:
    """Units scanned in each minute of the last hour."""
    figure = go.Figure(
        go.Bar(
            x=[minute.astimezone(zone) for minute, _, _ in minutes],
            y=[units for _, _, units in minutes],
            customdata=[captures for _, captures, _ in minutes],
            marker_color=series()[0],
            hovertemplate="%{x|%H:%M}: %{y} units, %{customdata} cartons<extra></extra>",
        )
    )
    figure.update_yaxes(title="Units a minute", rangemode="tozero")
    _draw(figure, height=200, key="captures")


def draw_causes(causes: Sequence[Cause]) -> None:
    """Pareto: which causes cost most, with the cumulative share beside each bar."""
    shown = [cause for cause in causes if cause.value_minor > 0][:10]
    total = sum(cause.value_minor for cause in shown) or 1
    labels, values, notes, running = [], [], [], 0
    for cause in shown:
        running += cause.value_minor
        labels.append(words(cause.rule_code))
        values.append(cause.value_minor / 100)
        notes.append(f"{short_money(cause.value_minor)} · {running * 100 // total}%")
    figure = go.Figure(
        go.Bar(
            x=values,
            y=labels,
            orientation="h",
            text=notes,
            textposition="outside",
            cliponaxis=False,
            marker={"color": series()[0], "cornerradius": 3},
            customdata=[[count(cause.discrepancies, "discrepancy", "discrepancies")] for cause in shown],
            hovertemplate="%{y}<br>%{customdata[0]}<br>%{text} so far<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(visible=False, range=[0, max(values, default=1) * 1.45])
    _draw(figure, height=max(190, 38 * len(shown) + 24), key="causes")


def draw_ageing(bands: Sequence[AgeBand]) -> None:
    """Value by age, stacked by who is liable."""
    figure = go.Figure()
    roles = sorted({band.liable_role for band in bands})
    for position, role in enumerate(roles):
        of_role = {band.age_band: band for band in bands if band.liable_role == role}
        figure.add_bar(
            x=list(AGE_BANDS),
            y=[of_role[name].value_minor / 100 if name in of_role else 0 for name in AGE_BANDS],
            name=words(role),
            marker={"color": series()[position % len(series())], "cornerradius": 3},
            customdata=[
                short_money(of_role[name].value_minor) if name in of_role else "" for name in AGE_BANDS
            ],
            hovertemplate="%{x}<br>%{customdata}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.35)
    figure.update_yaxes(tickprefix="₹", tickformat="~s")
    figure.update_xaxes(showgrid=False)
    _draw(figure, height=300, key="ageing")


def _account(name: str) -> str:
    head, _, tail = name.partition(":")
    return f"{words(head)}: {tail.replace('_', ' ')}" if tail else words(head)


def _account_colour(name: str) -> str:
    tones = {"shortage": "bad", "rejected": "warn", "excess": "warn", "pending": "soft", "accepted": "good"}
    return colour(tones.get(name.partition(":")[0], "accent"))


def _faded(hex_colour: str, alpha: float) -> str:
    red, green, blue = (int(hex_colour[position : position + 2], 16) for position in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def draw_custody(movements: Sequence[Movement]) -> None:
    """Sankey of custody: where every declared unit went."""
    accounts = list(
        dict.fromkeys(name for move in movements for name in (move.from_account, move.to_account))
    )
    halo = ", ".join([f"0 0 4px {colour('paper')}"] * 3)
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            node={
                "label": [_account(name) for name in accounts],
                "color": [_account_colour(name) for name in accounts],
                "pad": 22,
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{label}: %{value:,.0f} units<extra></extra>",
            },
            link={
                "source": [accounts.index(move.from_account) for move in movements],
                "target": [accounts.index(move.to_account) for move in movements],
                "value": [move.moved_qty for move in movements],
                "color": [_faded(_account_colour(move.to_account), 0.28) for move in movements],
                "hovertemplate": "%{source.label} → %{target.label}: %{value:,.0f} units<extra></extra>",
            },
            textfont={"color": colour("ink"), "size": 13, "shadow": halo},
        )
    )
    _draw(figure, height=310, key="custody")


def draw_timeline(moments: Sequence[Moment], zone: ZoneInfo) -> None:
    """Who held the goods when: one lane a party."""
    figure = go.Figure()
    ordered = sorted(moments, key=lambda moment: moment.happened_at)
    figure.add_scatter(
        x=[moment.happened_at.astimezone(zone) for moment in ordered if moment.moment_kind != "debit"],
        y=[_LANE_WORDS[moment.moment_kind] for moment in ordered if moment.moment_kind != "debit"],
        mode="lines",
        line={"color": colour("line"), "width": 2},
        hoverinfo="skip",
        showlegend=False,
    )
    for position, kind in enumerate(reversed(_LANES)):
        of_kind = [moment for moment in ordered if moment.moment_kind == kind]
        if of_kind:
            figure.add_scatter(
                x=[moment.happened_at.astimezone(zone) for moment in of_kind],
                y=[_LANE_WORDS[kind]] * len(of_kind),
                mode="markers",
                marker={
                    "size": 14,
                    "color": series()[position],
                    "line": {"width": 2, "color": colour("paper")},
                },
                customdata=[[moment.title, at(moment.happened_at, zone)] for moment in of_kind],
                hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
                showlegend=False,
            )
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=[_LANE_WORDS[kind] for kind in _LANES],
        showgrid=True,
        fixedrange=True,
    )
    figure.update_xaxes(tickformat="%d %b", showgrid=False, fixedrange=True)
    _draw(figure, height=240, key="timeline")
