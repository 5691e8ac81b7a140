"""What the codes of carriers mean, by the tables beside this file. A code that is in none stays `unknown`.

A table has the columns code, leg, status, reason, responsible. A row without a status says the leg only.
`*/X` is X under every type. Lines that start with `#` say where the table's facts are from.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ingest.readers.table import normal_form

UNKNOWN = "unknown"
_TABLES = resources.files("ingest.sources.tracking").joinpath("tables")
# Other names of carriers whose tables go by one.
_ALSO = {
    "blue_dart": "bluedart",
    "blue_dart_express": "bluedart",
    "ecom": "ecom_express",
    "ecomexpress": "ecom_express",
    "delhivery_surface": "delhivery",
    "delhivery_express": "delhivery",
    "dhl": "dhl_express",
    "royal_mail": "royalmail",
    "canada_post": "canadapost",
    "australia_post": "australiapost",
    "auspost": "australiapost",
    "la_poste": "laposte",
    "colissimo": "laposte",
    "chronopost": "laposte",
    "seko_logistics": "seko",
    "austrian_post": "postat",
    "hermes_germany": "hermes",
    "dhl_paket": "dhl_parcel_de",
    "dpd_meta": "dpd",
    "usps_international": "usps",
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What happened, on which leg, why, and who caused it; blank where the code does not say."""

    status: str = UNKNOWN
    leg: str | None = None
    reason: str | None = None
    responsible: str | None = None


def code_form(code: str) -> str:
    """A code as the tables write it: upper case, blanks gone."""
    return "".join(code.split()).upper()


@cache
def table(name: str) -> Mapping[str, Meaning]:
    """A carrier's table by code; raises `KeyError` when there is none."""
    if name not in table_names():
        raise KeyError(name)
    lines = _TABLES.joinpath(f"{name}.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if line and not line.startswith("#"))
    return {
        code_form(row["code"]): Meaning(
            row["status"], row["leg"] or None, row["reason"] or None, row["responsible"] or None
        )
        for row in rows
    }


@cache
def table_names() -> frozenset[str]:
    """The carriers that have a table of codes."""
    names = (entry.name for entry in _TABLES.iterdir())
    return frozenset(name.removesuffix(".csv") for name in names if name.endswith(".csv"))


def table_of(carrier: str | None) -> str | None:
    """The table of a carrier by any of its names."""
    form = normal_form(carrier or "")
    name = _ALSO.get(form, form)
    return name if name in table_names() else None


def is_listed(table_name: str, code: str) -> bool:
    """Whether a table has a status for a code, be it `unknown`."""
    found = table(table_name).get(code_form(code))
    return found is not None and bool(found.status)


def meaning(table_name: str, codes: Iterable[str]) -> Meaning:
    """What the first known of these codes means; the first leg that any of them says counts."""
    known = table(table_name)
    found = [known[code] for code in map(code_form, codes) if code in known]
    stated = next((entry for entry in found if entry.status), Meaning())
    leg = next((entry.leg for entry in found if entry.leg), None)
    return Meaning(stated.status, leg, stated.reason, stated.responsible)
