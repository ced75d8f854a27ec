import asyncpg
import pytest

from contactsvc.platform.database.row_sizes import MAX_BYTES, bounded

ROWS = "SELECT n AS id, to_jsonb(repeat('a', $1)) AS body FROM generate_series(1, $2) AS n"


@pytest.mark.parametrize(
    ("size", "rows", "given"),
    [(10, 9, 9), (15_000, 200, MAX_BYTES // 15_002 + 1), (30_000, 9, 1), (1, 0, 0)],
)
async def test_rows_end_after_so_many_bytes(
    pg: asyncpg.Connection, size: int, rows: int, given: int
) -> None:
    found = await pg.fetch(bounded(f"{ROWS} ORDER BY n", "body", "id"), size, rows)

    assert [row["id"] for row in found] == list(range(1, given + 1))


async def test_nothing_has_no_bytes(pg: asyncpg.Connection) -> None:
    found = await pg.fetch(bounded("SELECT 1 AS id, NULL::jsonb AS body", "body", "id"))

    assert [row["bytes_of_row"] for row in found] == [0]
