"""A pooler is looked for once; what one does is shown with a real PgBouncer in flows/."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from contactsvc.platform.database.pooler import Pooler
from contactsvc.platform.errors import Unavailable


def nothing() -> dict[str, Any]:
    raise AssertionError("no other connection is needed")


async def test_without_a_pooler_one_question_is_asked_once(pg: asyncpg.Connection) -> None:
    asked = 0

    @asynccontextmanager
    async def acquire() -> AsyncIterator[asyncpg.Connection]:
        nonlocal asked
        asked += 1
        yield pg

    pooler = Pooler(nothing, acquire)

    assert [await pooler.fault(), await pooler.fault()] == [None, None]
    assert asked == 1


async def test_a_database_that_is_away_tells_nothing() -> None:
    def acquire() -> Any:
        raise ConnectionRefusedError

    with pytest.raises(Unavailable):
        await Pooler(nothing, acquire).fault()
