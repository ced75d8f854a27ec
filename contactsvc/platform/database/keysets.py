"""Keyset pages: where one ends, as a cursor holds it, and where the next begins."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tortoise.expressions import Q


def beyond(columns: Sequence[str], position: Sequence[Any], descending: bool) -> Q:
    """Return the condition that a row stands after ``position``.

    In words of SQL it is ``(a, b, id) > (A, B, I)``, which Tortoise cannot say. The first column is
    compared once more by itself, so that PostgreSQL enters the index at that place.
    """
    further = "lt" if descending else "gt"
    (column, value), *rest = zip(columns, position, strict=True)
    condition = Q(**{f"{column}__{further}": value})
    if not rest:
        return condition
    tie = Q(**{column: value}) & beyond(columns[1:], position[1:], descending)
    return Q(**{f"{column}__{further}e": value}) & (condition | tie)


def to_json(columns: Sequence[str], row: Mapping[str, Any]) -> list[Any]:
    """Return a row's place in an order, for a cursor."""
    values = ((column, row[column]) for column in columns)
    return [b64encode(v).decode() if column.endswith("_sort") else v for column, v in values]


def from_json(columns: Sequence[str], position: Sequence[Any]) -> list[Any]:
    """Return the place that a cursor holds."""
    return [_from_cursor(*pair) for pair in zip(columns, position, strict=True)]


def _from_cursor(column: str, value: Any) -> Any:
    if column.endswith("_sort"):
        return b64decode(value)
    return datetime.fromisoformat(value) if column.endswith("_at") else value
