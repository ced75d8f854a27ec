"""Queries and rows of the ORM whose SQL is made once, for what is asked for all the time.

Tortoise makes a query's text anew each time it is run and then converts the values of every row,
which takes several times as long as asyncpg needs to fetch them. A new row it makes an object of,
whose every value it converts and checks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
from tortoise.models import Model
from tortoise.queryset import AwaitableQuery

from contactsvc.platform.database.statements import current_client

Query = Callable[..., AwaitableQuery[Any]]
"""Returns a query for its parameters."""

_STAND_INS: Final[Mapping[type, Callable[[int], Any]]] = {
    # Values that no query says by itself, such as LIMIT 1.
    int: lambda n: 2_000_000_000 + n,
    str: lambda n: f"parameter {n}",
    bytes: lambda n: b"parameter %d" % n,
    datetime: lambda n: datetime(1, 2, 3, microsecond=n, tzinfo=UTC),
}


@dataclass(frozen=True)
class Statement:
    """SQL with the values it is run with.

    Args:
        sql: The text; ``$1`` is the first of the values.
        constants: The values that the query itself says, by their number from 0; None elsewhere.
        places: For each parameter that a value is, the number of the value and of the parameter.
    """

    sql: str
    constants: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]

    def values(self, parameters: tuple[Any, ...]) -> list[Any]:
        """Return all values in the order in which the SQL names them."""
        values = list(self.constants)
        for place, number in self.places:
            values[place] = parameters[number]
        return values


class CompiledQuery:
    """A query with parameters: int, str, bytes or datetime, whose values must not shape the SQL.

    The SQL is made at the first run, and once for each combination of the parameters' types, so
    their number may vary: a first page has no position to begin after.

    Args:
        query: Returns the query for its parameters. It is called with stand-ins and must hand them
            to the ORM as they are: ``__contains``, which escapes its value, or ``__in``, whose SQL
            depends on the length of a list, cannot be compiled. How many it takes must have a
            bound, as nothing that was compiled is forgotten.
    """

    def __init__(self, query: Query) -> None:
        self._query = query
        self._statements: dict[tuple[type, ...], Statement] = {}

    async def first(self, *parameters: Any) -> asyncpg.Record | None:
        """Run the query and return its first row, None where it has none."""
        return next(iter(await self.records(*parameters)), None)

    async def records(self, *parameters: Any) -> list[asyncpg.Record]:
        """Run the query and return its rows, with the columns in the order of the query.

        Values are asyncpg's: times are in UTC, and JSON is text, which ``orjson.Fragment`` puts
        into an answer as it is.
        """
        statement = self.statement(*parameters)
        return await current_client().fetch(statement.sql, statement.values(parameters))

    def statement(self, *parameters: Any) -> Statement:
        """Return the statement that runs with such parameters.

        Raises:
            TypeError: A parameter is of a type that cannot be compiled.
            ValueError: The query does not hand on a parameter as it is.
        """
        shape = tuple(map(type, parameters))
        if (statement := self._statements.get(shape)) is None:
            statement = self._statements[shape] = _compiled(self._query, shape)
        return statement


class CompiledInsert:
    """Adds a row to a model's table; columns that are not named take the database's default.

    Args:
        model: The model.
        columns: The columns that are written.
    """

    def __init__(self, model: type[Model], columns: Sequence[str]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        places = ", ".join(f"${number}" for number, _ in enumerate(columns, 1))
        table = model._meta.db_table  # noqa: SLF001 - Tortoise's way to tell
        self._sql = f'INSERT INTO "{table}" ({names}) VALUES ({places})'  # noqa: S608 - our names

    async def run(self, *values: Any) -> None:
        """Add a row, in the transaction around this.

        Args:
            values: One for each column, as asyncpg takes them: JSON is text. PostgreSQL alone
                checks them.

        Raises:
            IntegrityError: A constraint forbids the row.
        """
        await current_client().fetch(self._sql, values)


def _compiled(query: Query, shape: tuple[type, ...]) -> Statement:
    if not _STAND_INS.keys() >= set(shape):
        raise TypeError(f"Only {', '.join(each.__name__ for each in _STAND_INS)} can be compiled.")
    stand_ins = [_STAND_INS[kind](number) for number, kind in enumerate(shape)]
    selected = query(*stand_ins)
    selected.sql()  # which makes the query of pypika, the only one to tell the values
    sql, values = selected.query.get_parameterized_sql()
    places = tuple((n, stand_ins.index(v)) for n, v in enumerate(values) if v in stand_ins)
    if {number for _, number in places} != set(range(len(shape))):
        raise ValueError(f"A parameter is not in the SQL as it is: {sql}")
    constants = tuple(None if value in stand_ins else value for value in values)
    return Statement(sql, constants, places)
