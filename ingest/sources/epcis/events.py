"""The events of an EPCIS document in one shape, whether it came as JSON (2.0) or XML (1.2, 2.0)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.sources.bodies import Body, entries, objects, part, text
from ingest.sources.epcis.identifiers import Key, key_of, number_of, place_of, word_of

KINDS = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")


@dataclass(frozen=True, slots=True)
class Goods:
    """Some units of one article, or one carton; `qty` is None where the event counts nothing."""

    key: Key
    qty: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One event: what happened to which goods, when, where, under which papers, between whom."""

    kind: str
    event_id: str | None
    is_declared_wrong: bool
    action: str
    step: str
    disposition: str
    at: str | None
    offset: str | None
    place: str | None
    parent: str | None
    goods: tuple[Goods, ...]
    papers: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    destinations: dict[str, str] = field(default_factory=dict)
    body: Body = field(default_factory=dict)


def is_epcis(header: tuple[str, ...]) -> bool:
    """Whether the names at the top of a document, or of a list of events, are those of EPCIS."""
    names = frozenset(header)
    return bool(
        names & {"EPCISDocument", "EPCISQueryDocument", "epcisBody"}
        or {"eventTime", "eventTimeZoneOffset"} <= names
    )


def events_of(body: Body) -> list[Event]:
    """The events of a document or of one event alone, in the order of their times."""
    found = list(_listed(body))
    # Of XML the kinds stand apart: only their times say what came first.
    return sorted(found, key=lambda event: event.at or "")


def _listed(body: Body) -> Iterator[Event]:
    if "eventTime" in body:
        yield _event(text(body, "type") or "", body)
        return
    root = body.get("EPCISDocument") or body.get("EPCISQueryDocument") or body
    inner = part(root, "epcisBody") or part(root, "EPCISBody")
    listed = (
        part(inner, "eventList")
        or part(inner, "EventList")
        or part(inner, "queryResults", "resultsBody", "eventList")
        or part(inner, "QueryResults", "resultsBody", "EventList")
        or part(inner, "event")
    )
    for entry in objects(listed):
        if "eventTime" in entry:
            yield _event(text(entry, "type") or "", entry)
            continue
        for nest in (entry, *objects(entry.get("extension"))):
            for kind in KINDS:
                for found in objects(nest.get(kind)):
                    yield _event(kind, found)


def _event(kind: str, body: Body) -> Event:
    extension = part(body, "extension") or {}
    base = part(body, "baseExtension") or {}
    goods = [
        *_single(body.get("epcList")),
        *_single(body.get("childEPCs")),
        *_counted(body.get("quantityList") or part(extension, "quantityList")),
        *_counted(body.get("childQuantityList") or part(extension, "childQuantityList")),
    ]
    wrong = body.get("errorDeclaration") or part(base, "errorDeclaration")
    return Event(
        kind,
        text(body, "eventID") or text(base, "eventID"),
        is_declared_wrong=wrong is not None,
        action=(text(body, "action") or "").upper(),
        step=word_of(text(body, "bizStep")),
        disposition=word_of(text(body, "disposition")),
        at=text(body, "eventTime"),
        offset=text(body, "eventTimeZoneOffset"),
        place=place_of(text(body, "bizLocation", "id") or text(body, "readPoint", "id")),
        parent=key_of(text(body, "parentID")).sscc or text(body, "parentID"),
        goods=tuple(goods),
        papers=_named(body.get("bizTransactionList"), "bizTransaction", number_of),
        sources=_named(body.get("sourceList") or part(extension, "sourceList"), "source", place_of),
        destinations=_named(
            body.get("destinationList") or part(extension, "destinationList"), "destination", place_of
        ),
        body=body,
    )


def _inner(listed: Any, name: str) -> Any:
    """What an XML list wraps in elements of one name; a list of JSON as it is."""
    return listed[name] if isinstance(listed, dict) and name in listed else listed


def _single(listed: Any) -> Iterator[Goods]:
    """Serialised units and cartons, one each."""
    for entry in entries(_inner(listed, "epc")):
        yield Goods(key_of(text(entry, "value") or text(entry, "#text")), "1")


def _counted(listed: Any) -> Iterator[Goods]:
    for entry in objects(_inner(listed, "quantityElement")):
        yield Goods(key_of(text(entry, "epcClass")), text(entry, "quantity"))


def _named(listed: Any, name: str, read: Any) -> dict[str, str]:
    """Type to number or place; of several of one type the first."""
    found: dict[str, str] = {}
    for entry in entries(_inner(listed, name)):
        value = read(text(entry, name) or text(entry, "#text") or text(entry, "value"))
        if value:
            found.setdefault(word_of(text(entry, "type")), value)
    return found
