"""How commands print lists: aligned for people, as JSON for programs."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import click
import orjson

from contactsvc.platform.database.keysets import Page, Position

Row = TypeVar("Row")


class Table:
    """Rows that are printed together.

    Args:
        json: Whether they are printed as a JSON array of objects, all fields included.
    """

    def __init__(self, json: bool) -> None:
        self._json = json
        self._rows: list[Mapping[str, Any]] = []

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a row: its fields as the HTTP API names them."""
        self._rows.append(row)

    def show(self, columns: Sequence[str]) -> None:
        """Print all rows.

        Args:
            columns: The fields that people see, in their order.
        """
        if self._json:
            options = orjson.OPT_UTC_Z | orjson.OPT_INDENT_2
            click.echo(orjson.dumps(self._rows, option=options))
            return
        lines = [[name.upper() for name in columns]]
        lines += [[_text(row[name]) for name in columns] for row in self._rows]
        widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            click.echo("  ".join(cells).rstrip())


def _as_table(_: click.Context, __: click.Parameter, json: bool) -> Table:
    return Table(json)


as_json = click.option(
    "--json",
    "table",
    is_flag=True,
    callback=_as_table,
    help="Print a JSON array, with the fields of the HTTP API.",
)
"""The option of commands that list; it gives them the table to fill."""


async def all_pages(page: Callable[[Position], Awaitable[Page[Row]]]) -> AsyncIterator[Row]:
    """Give all rows, however many, a page at a time.

    Args:
        page: Returns the page that begins at a position, None for the first.
    """
    part = await page(None)
    while True:
        for row in part.rows:
            yield row
        if part.next_position is None:
            return
        part = await page(part.next_position)


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dict):
        value = orjson.dumps(value).decode()
    return printable(str(value))


def printable(text: str) -> str:
    """Return a text that neither steers the terminal nor breaks the line."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
