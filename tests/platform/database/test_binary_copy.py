"""Every value that is copied is the one that an INSERT of it would have stored."""

from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any, Final

import asyncpg
import orjson
import pytest

from contactsvc.platform.database.binary_copy import ENCODERS, begin_of_row, whole

VALUES: Final[dict[str, list[Any]]] = {
    "TEXT": ["", "a", "Zo\xeb \u2603 \U0001f600", "x" * 100_000],
    "VARCHAR": ["", "a", "\u4e2d"],
    'TEXT COLLATE "C"': ["a\x1f\x01"],
    "TEXT[]": [[], ["a"], ["", "Zo\xeb", 'a,"b"', "{}", "NULL"]],
    "BYTEA": [b"", b"\0\xff", bytes(range(256))],
    "JSONB": [{}, [], "", 0, {"a": ["\xeb", 1.5, None, True]}],
    "BOOL": [True, False],
    "SMALLINT": [0, 1231, -32768, 32767],
    "INT": [0, -(2**31), 2**31 - 1],
    "BIGINT[]": [[], [0], [-(2**63), 7, 2**63 - 1]],
    "BIGINT": [0, -(2**63), 2**63 - 1],
    "TIMESTAMPTZ": [
        datetime(2026, 11, 26, 1, 2, 3, 456789, UTC),
        datetime(1999, 12, 31, 23, 59, 59, 999999, UTC),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ],
}


@pytest.mark.parametrize("kind", list(ENCODERS))
async def test_values(kind: str, pg: asyncpg.Connection) -> None:
    values = [*VALUES[kind], None]
    rows = [
        begin_of_row(2) + ENCODERS["INT"](place) + ENCODERS[kind](value)
        for place, value in enumerate(values)
    ]
    await pg.execute(f"CREATE TEMPORARY TABLE copied (id int, value {kind})")
    await pg.copy_to_table("copied", source=BytesIO(whole(rows)), format="binary")
    found = await pg.fetch("SELECT value FROM copied ORDER BY id")
    read = [orjson.loads(row[0]) if kind == "JSONB" and row[0] else row[0] for row in found]
    assert read == values
    for place, value in enumerate(VALUES[kind]):
        same = "SELECT value = $2 FROM copied WHERE id = $1"
        stored = orjson.dumps(value).decode() if kind == "JSONB" else value
        assert await pg.fetchval(same, place, stored), value
    await pg.execute("DROP TABLE copied")
