"""The tables can be spread over many servers by their owner, as growing.rst says."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg

RECIPE = Path(__file__).parents[2] / "docs" / "explanation" / "growing.rst"
OWNERS = dict(re.findall(r"create_distributed_table\('(\w+)', '(\w+)'", RECIPE.read_text()))
"""The tables that the recipe spreads, with the column of the owner."""

EVERYWHERE = {"users"}
NOBODYS = {
    *("aerich", "audit_events", "jobs", "one_time_tokens", "outbox"),
    *("pending_invalidations", "registrations"),
}
"""Tables that stay on one server: they are asked for by what is nobody's, or by all processes."""

BY_TIME = {
    *("idx_contact_versions_by_time", "idx_deleted_contacts_by_time", "idx_deleted_contacts_kept"),
    *("idx_contact_operations_by_time", "idx_app_passwords_by_expiry", "idx_card_groups_by_time"),
    "idx_birthday_reminders_due",
    "idx_idempotency_keys_by_time",
}
"""Indexes by which the housekeeper finds what is due, whosever it is; no request uses them."""

INDEXES = """
SELECT t.relname AS table, c.relname AS name, i.indisunique, i.indisprimary,
       (SELECT attname FROM pg_attribute WHERE attrelid = t.oid AND attnum = i.indkey[0]) AS first
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_class AS t ON t.oid = i.indrelid
WHERE t.relnamespace = 'public'::regnamespace
"""

REFERENCES = """
SELECT f.conrelid::regclass::text AS table, f.confrelid::regclass::text AS other,
       array_agg(a.attname::text ORDER BY n) AS columns,
       array_agg(b.attname::text ORDER BY n) AS others
FROM pg_constraint AS f CROSS JOIN unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (one, two, n)
JOIN pg_attribute AS a ON a.attrelid = f.conrelid AND a.attnum = k.one
JOIN pg_attribute AS b ON b.attrelid = f.confrelid AND b.attnum = k.two
WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace GROUP BY f.oid
"""


async def test_every_table_is_an_owners_or_stays_on_one_server(pg: asyncpg.Connection) -> None:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    tables = {row["tablename"] for row in await pg.fetch(query)}
    assert tables == OWNERS.keys() | EVERYWHERE | NOBODYS
    assert not OWNERS.keys() & (EVERYWHERE | NOBODYS)


async def test_the_keys_of_owners_tables_begin_with_the_owner(pg: asyncpg.Connection) -> None:
    indexes = [index for index in await pg.fetch(INDEXES) if index["table"] in OWNERS]
    assert {index["table"] for index in indexes if index["indisprimary"]} == OWNERS.keys()
    others = [index for index in indexes if index["first"] != OWNERS[index["table"]]]
    assert {index["name"] for index in others} == BY_TIME
    assert not [index["name"] for index in others if index["indisunique"]]


def stays_together(reference: Mapping[str, Any]) -> bool:
    """Return whether a foreign key can be kept where rows are spread by their owners."""
    if reference["other"] in EVERYWHERE:
        return True
    of_owner, of_other = (OWNERS.get(reference[side]) for side in ("table", "other"))
    pairs = zip(reference["columns"], reference["others"], strict=True)
    return of_owner is not None and (of_owner, of_other) in pairs


async def test_rows_refer_to_users_and_to_rows_of_the_same_owner(pg: asyncpg.Connection) -> None:
    references = await pg.fetch(REFERENCES)
    assert {reference["table"] for reference in references} >= OWNERS.keys()
    assert [tuple(reference) for reference in references if not stays_together(reference)] == []
