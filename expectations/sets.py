"""What can be expected of a set of rows, in the words that suites are written in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import great_expectations.expectations as gxe

from rtv_core.warehouse.check_queries import orphans

# Great Expectations comes without types.
Expectation: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose values stand in a column of another raw table."""

    column: str
    table: str
    to_column: str


@dataclass(frozen=True, slots=True)
class Suite:
    """What is expected of one raw table besides thresholds; an empty one is passed over unless needed."""

    table: str
    references: tuple[Reference, ...] = ()
    is_needed: bool = False

    @property
    def name(self) -> str:
        """The suite's name."""
        return f"raw__{self.table}"

    def expectations(self, tenant_code: str) -> list[Expectation]:
        """The references of a tenant's rows."""
        return [refers_to(one.column, one.table, one.to_column, tenant_code) for one in self.references]


def holds_rows(at_least: int) -> Expectation:
    """Volume: the set is not smaller than this."""
    return gxe.ExpectTableRowCountToBeBetween(
        min_value=at_least, description=f"holds at least {at_least} rows"
    )


def loaded_within(days: int, now: datetime) -> Expectation:
    """Freshness: something came in within so many days."""
    return gxe.ExpectColumnMaxToBeBetween(
        column="_loaded_at",
        min_value=now - timedelta(days=days),
        description=f"something came in within {days} days",
    )


def refers_to(column: str, table: str, to_column: str, tenant_code: str) -> Expectation:
    """Reference: every value stands in another raw table of the tenant."""
    return gxe.UnexpectedRowsExpectation(
        unexpected_rows_query=orphans(column, table, to_column, tenant_code),
        description=f"every {column} stands in raw.{table}",
        meta={"column": column},
    )


def filled_in(column: str, share: float) -> Expectation:
    """Distribution: at least this share of the rows has a value."""
    return gxe.ExpectColumnProportionOfNonNullValuesToBeBetween(
        column=column, min_value=share, description=f"{column} is filled in for at least {share:.0%}"
    )


def mean_between(column: str, low: float, high: float) -> Expectation:
    """Distribution: the mean lies where it can lie; a shift of the decimal point moves it out."""
    return gxe.ExpectColumnMeanToBeBetween(
        column=column,
        min_value=low,
        max_value=high,
        description=f"the mean of {column} is {low:g} to {high:g}",
    )


def rarely(column: str, value: str, share: float) -> Expectation:
    """Distribution: one value is no more frequent than this share."""
    return gxe.ExpectColumnValuesToNotBeInSet(
        column=column,
        value_set=[value],
        mostly=1 - share,
        description=f"{column} is {value} for at most {share:.0%}",
    )


def varies(column: str, at_least: int) -> Expectation:
    """Distribution: the column has at least so many different values."""
    return gxe.ExpectColumnUniqueValueCountToBeBetween(
        column=column, min_value=at_least, description=f"{column} has at least {at_least} values"
    )
