"""Keys and indexes as PostgreSQL has them; Tortoise cannot say the composite ones."""

import asyncpg
import pytest

INDEXES = """
SELECT index.relname AS name, i.indisprimary AS is_key,
       array_agg(a.attname::text ORDER BY position) AS columns
FROM pg_index AS i
JOIN pg_class AS index ON index.oid = i.indexrelid
CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS part (attnum, position)
JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = part.attnum
WHERE i.indrelid = $1::regclass AND i.indisvalid
GROUP BY index.relname, i.indisprimary
"""


@pytest.mark.parametrize(
    ("table", "key"), [("contacts", ["owner_id", "id"]), ("sessions", ["user_id", "id"])]
)
async def test_the_key_begins_with_the_owner(
    pg: asyncpg.Connection, table: str, key: list[str]
) -> None:
    keys = [row["columns"] for row in await pg.fetch(INDEXES, table) if row["is_key"]]
    assert keys == [key]


@pytest.mark.parametrize(("table", "owner"), [("contacts", "owner_id"), ("sessions", "user_id")])
async def test_every_index_begins_with_the_owner(
    pg: asyncpg.Connection, table: str, owner: str
) -> None:
    indexes = {row["name"]: row["columns"] for row in await pg.fetch(INDEXES, table)}
    assert indexes
    assert {name for name, columns in indexes.items() if columns[0] != owner} == set()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("users", "email_key"),
        ("contacts", "first_name_key"),
        ("contacts", "last_name_key"),
        ("contacts", "email_key"),
    ],
)
async def test_search_keys_sort_alike_on_every_server(
    pg: asyncpg.Connection, table: str, column: str
) -> None:
    collation = await pg.fetchval(
        "SELECT collation_name FROM information_schema.columns"
        " WHERE table_name = $1 AND column_name = $2",
        table,
        column,
    )
    assert collation == "C"


async def test_one_account_for_an_e_mail(pg: asyncpg.Connection) -> None:
    unique = await pg.fetchval(
        "SELECT count(*) FROM pg_indexes WHERE tablename = 'users'"
        " AND indexdef LIKE 'CREATE UNIQUE%(email_key)'"
    )
    assert unique == 1


@pytest.mark.parametrize("table", ["contacts", "sessions"])
async def test_what_belongs_to_a_user_goes_with_them(pg: asyncpg.Connection, table: str) -> None:
    rules = await pg.fetch(
        "SELECT confrelid::regclass::text AS target, confdeltype FROM pg_constraint"
        " WHERE conrelid = $1::regclass AND contype = 'f'",
        table,
    )
    assert [(rule["target"], rule["confdeltype"]) for rule in rules] == [("users", b"c")]
