"""Keyset pages: each begins after the last row of the one before, and not at a number of rows."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

import asyncpg
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet, ValuesQuery

from contactsvc.platform.database.compiled import CompiledQuery

Row = TypeVar("Row")
Shown = TypeVar("Shown")
Listed = TypeVar("Listed", bound=Model)
Position = Sequence[Any] | None
"""A row's values in the columns of an order, as a cursor holds them; None is before all rows."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Part of a list.

    Args:
        rows: The rows of the page, in order.
        next_position: Where the next page begins, each value a JSON scalar; None on the last page.
    """

    rows: list[Row]
    next_position: list[Any] | None

    def map(self, of: Callable[[Row], Shown]) -> "Page[Shown]":
        """Return the page with what a function makes of each row."""
        return Page([of(row) for row in self.rows], self.next_position)


@dataclass(frozen=True)
class Keyset:
    """An order in which no two rows stand at the same place.

    Args:
        columns: The columns to sort by. The last one is unique, as the id is.
        descending: Whether every column counts from its last value to its first.
    """

    columns: tuple[str, ...]
    descending: bool = False

    async def page(
        self,
        query: QuerySet[Any],
        listed: Collection[str],
        limit: int,
        after: Position = None,
    ) -> Page[dict[str, Any]]:
        """Return up to ``limit`` rows by one statement.

        Args:
            query: The rows to page through, without an order.
            listed: The columns that are wanted.
            limit: The most rows on the page.
            after: The ``next_position`` of the page before.
        """
        return self.cut(await self.rows(query, listed, limit + 1, after), listed, limit)

    async def rows(
        self,
        query: QuerySet[Any],
        listed: Collection[str],
        limit: int,
        after: Position = None,
    ) -> list[dict[str, Any]]:
        """Return up to ``limit`` rows, which have the columns of the order, too."""
        position = from_json(self.columns, after) if after is not None else ()
        return list(await self.select(query, listed, limit, *position))

    def select(
        self, query: QuerySet[Any], listed: Collection[str], limit: int, *position: Any
    ) -> ValuesQuery[Any]:
        """Return the query for up to ``limit`` rows: those listed, and then those of the order.

        Args:
            query: The rows to page through, without an order.
            listed: The columns that are wanted.
            limit: The most rows.
            position: The values in the columns of the order to begin after; none is the first page.
        """
        if position:
            query = query.filter(after_position(self.columns, position, self.descending))
        ordered = self.ordered(query).limit(limit)
        return ordered.values(*listed, *self._hidden(listed))

    def ordered(self, query: QuerySet[Listed]) -> QuerySet[Listed]:
        """Return the query in this order."""
        sign = "-" if self.descending else ""
        return query.order_by(*(sign + column for column in self.columns))

    def cut(
        self, rows: list[dict[str, Any]], listed: Collection[str], limit: int
    ) -> Page[dict[str, Any]]:
        """Make a page of rows that were read for it; where there are more, another one follows."""
        next_position = to_json(self.columns, rows[limit - 1]) if len(rows) > limit else None
        del rows[limit:]
        for column in self._hidden(listed):
            for row in rows:
                del row[column]
        return Page(rows, next_position)

    def page_of(self, records: list[asyncpg.Record], limit: int) -> Page[asyncpg.Record]:
        """Make a page of records as :meth:`cut` does; they keep the columns of the order."""
        place = to_json(self.columns, records[limit - 1]) if len(records) > limit else None
        return Page(records[:limit], place)

    def _hidden(self, listed: Collection[str]) -> list[str]:
        return [column for column in self.columns if column not in listed]


class CompiledPages:
    """The pages of one person's list without filters, whose SQL is made once.

    Args:
        order: The order of the list.
        listed: The columns that are wanted.
        rows: Returns the query for the rows of the person with an id, without an order.
    """

    def __init__(
        self, order: Keyset, listed: Collection[str], rows: Callable[[int], QuerySet[Any]]
    ) -> None:
        self._order = order
        self._query = CompiledQuery(
            lambda owner_id, *place: order.select(rows(owner_id), listed, *place)
        )

    async def page(self, owner_id: int, limit: int, after: Position = None) -> Page[asyncpg.Record]:
        """Return up to ``limit`` rows of a person, as :meth:`Keyset.page` does.

        They are as asyncpg gives them, and have the columns of the order, too.
        """
        position = from_json(self._order.columns, after) if after is not None else ()
        records = await self._query.records(owner_id, limit + 1, *position)
        return self._order.page_of(records, limit)


BY_ID: Final = Keyset(("id",))
NEWEST_FIRST: Final = Keyset(("id",), descending=True)


def equal(**columns: Any) -> Q:
    """Return the condition that columns have these values; None matches any value."""
    return Q(**{column: value for column, value in columns.items() if value is not None})


def after_position(columns: Sequence[str], position: Sequence[Any], descending: bool) -> Q:
    """Return the condition that a row stands after ``position``.

    In SQL it is ``(a, b, id) > (A, B, I)``, which Tortoise cannot say. The first column is
    compared once more by itself, so that PostgreSQL enters the index at that place.
    """
    further = "lt" if descending else "gt"
    (column, value), *rest = zip(columns, position, strict=True)
    condition = Q(**{f"{column}__{further}": value})
    if not rest:
        return condition
    tie = Q(**{column: value}) & after_position(columns[1:], position[1:], descending)
    return Q(**{f"{column}__{further}e": value}) & (condition | tie)


def to_json(columns: Sequence[str], row: Mapping[str, Any]) -> list[Any]:
    """Return a row's place in an order, for a cursor."""
    return [_to_cursor(row[column]) for column in columns]


def _to_cursor(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value


def from_json(columns: Sequence[str], position: Sequence[Any]) -> list[Any]:
    """Return the place that a cursor holds."""
    return [_from_cursor(*pair) for pair in zip(columns, position, strict=True)]


def _from_cursor(column: str, value: Any) -> Any:
    if column.endswith("_sort"):
        return b64decode(value)
    return datetime.fromisoformat(value) if column.split("_")[-1] == "at" else value
