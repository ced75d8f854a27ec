"""Writes that would wait for one another anyway go to PostgreSQL together.

Writers that lock the same row take turns, each until its commit is on the disk, and each holds a
connection of the pool meanwhile: a single client with many requests at once could take them all.
"""

import asyncio
from collections.abc import Hashable, Iterable, Sequence
from contextvars import Context
from typing import Final, NamedTuple

import asyncpg
from tortoise.exceptions import IntegrityError, OperationalError

from contactsvc.platform.database.statements import SendsStatements, Values, current_client
from contactsvc.platform.errors import Unavailable

MOST: Final = 32
"""The most runs in one transaction, which keeps the lock until all of them are done."""


class _Waiting(NamedTuple):
    values: Values
    record: asyncio.Future[asyncpg.Record | None]
    """The row of its run; None where it has to run by itself."""


_Place = tuple[SendsStatements, Hashable]


class GroupedStatement:
    """A statement that this process has under way once for each key.

    Whoever comes meanwhile waits, without a connection, and goes with all who wait for the same key
    in one transaction. Each run still has its own values and its own row; one that fails takes no
    other with it.

    Args:
        sql: A statement that gives exactly one row for each run.
    """

    def __init__(self, sql: str) -> None:
        self._sql = sql
        self._waiting: dict[_Place, list[_Waiting]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def run(self, key: Hashable, values: Values) -> asyncpg.Record:
        """Run the statement and return its row.

        Args:
            key: What the statement locks.
            values: Those of this run.

        Raises:
            OperationalError: As :meth:`SendsStatements.fetch`.
            IntegrityError: As :meth:`SendsStatements.fetch`.
            Unavailable: PostgreSQL is away, for this run or for the one that it has waited for.
        """
        client = current_client()
        place = client, key
        if (waiting := self._waiting.get(place)) is None:
            return await self._run_at_once(place, values)
        turn = _Waiting(values, asyncio.get_running_loop().create_future())
        waiting.append(turn)
        record = await turn.record
        return record if record is not None else await self._run_alone(client, values)

    async def _run_at_once(self, place: _Place, values: Values) -> asyncpg.Record:
        self._waiting[place] = []
        try:
            return await self._run_alone(place[0], values)
        except Unavailable as error:
            self._give_up(place, error)
            raise
        finally:
            self._go_on(place)

    async def _run_alone(self, client: SendsStatements, values: Values) -> asyncpg.Record:
        [record] = await client.fetch(self._sql, values)
        return record

    def _go_on(self, place: _Place) -> None:
        """Let those who wait go next, up to MOST; who was cancelled meanwhile is left out."""
        waiting = [each for each in self._waiting.pop(place) if not each.record.done()]
        if waiting:
            self._waiting[place] = waiting[MOST:]
            # In no request's context: its log fields and its wait for connections are its own.
            task = asyncio.create_task(
                self._run_group(place, waiting[:MOST]), name="grouped writes", context=Context()
            )
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _run_group(self, place: _Place, group: Sequence[_Waiting]) -> None:
        outcomes: Sequence[asyncpg.Record | None] = [None] * len(group)
        try:
            outcomes = await place[0].fetch_for_each(self._sql, [each.values for each in group])
        except Unavailable as error:
            self._give_up(place, error, group)
        except (OperationalError, IntegrityError, asyncpg.PostgresError):
            pass  # PostgreSQL has done nothing of it, and one run alone may be at fault
        except BaseException as error:
            _fail(group, error)
            raise
        finally:
            for each, outcome in zip(group, outcomes, strict=True):
                if not each.record.done():
                    each.record.set_result(outcome)
            self._go_on(place)

    def _give_up(self, place: _Place, error: Unavailable, group: Sequence[_Waiting] = ()) -> None:
        """Tell all who wait that PostgreSQL is away: each of them might find out as slowly."""
        _fail([*group, *self._waiting[place]], error)


def _fail(waiting: Iterable[_Waiting], error: BaseException) -> None:
    for each in waiting:
        if isinstance(error, asyncio.CancelledError):
            each.record.cancel()
        elif not each.record.done():
            each.record.set_exception(error)
            each.record.exception()  # whoever waits may be cancelled before it is raised
