"""A page of changes is one statement, which reads no more than the page, and that has a bound."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from contactsvc.contacts.changes import repository as changes_repository
from contactsvc.contacts.changes.repository import MAX_BYTES, Place, changes
from contactsvc.contacts.repository import ContactRepository
from tests.support.address_books import MakeOwner
from tests.support.rows import statements

EACH = 300
FILL = f"""
INSERT INTO contacts (owner_id, uid, seq, details, last_name_sort, first_name_sort, last_name,
                      version, created_at, updated_at, notes)
SELECT users.id, 'c' || n, 2 * n, '{{}}', 'x', 'x', '', 1, now(), now(), ''
FROM users, generate_series(1, {EACH}) AS n;
INSERT INTO deleted_contacts (owner_id, id, uid, seq, deleted_at)
SELECT users.id, 100000 + n, 'd' || n, 2 * n + 1, now()
FROM users, generate_series(1, {EACH}) AS n;
INSERT INTO address_books (owner_id, id, seq) SELECT id, 1, {2 * EACH + 1} FROM users;
"""
ANALYZE = "ANALYZE contacts, deleted_contacts, address_books"


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


@pytest.mark.parametrize("size", ["notes", "custom"])
async def test_a_page_of_large_contacts_ends_early(
    contacts: ContactRepository,
    owner: int,
    pg: asyncpg.Connection,
    size: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As large as they are in the answer: the database may keep them compressed."""
    large = {"notes": "x" * 4000, "custom": [{"label": "", "value": "x" * 200}] * 20}
    ids = []
    for number in range(8):
        fields = {"first_name": f"{number}", size: large[size]} if number != 4 else {"notes": "x"}
        ids.append((await contacts.create({"last_name": "A", **fields}))[0]["id"])
    statement = changes_repository._PAGE.replace(f"< {MAX_BYTES}", "< 10000")
    monkeypatch.setattr(changes_repository, "_PAGE", statement)
    monkeypatch.setattr(changes_repository, "MAX_BYTES", 10000)

    pages, place, has_more = [], None, True
    while has_more:
        found = await changes(owner, 1000, place)
        place, has_more = found.place, found.has_more
        pages.append([item["id"] for item in found.items if isinstance(item, dict)])

    assert pages == [ids[:2], ids[2:5], ids[5:7], ids[7:]]
    assert (await changes(owner, 1000, place)).items == []
    read = await pg.fetch(statement, owner, 0, 0, 2**63 - 1, 1001)
    assert [row["id"] for row in read] == ids[:3], "the database sends no more than is told"


@pytest.mark.slow
async def test_a_page_is_read_off_two_indexes(
    contacts: ContactRepository, owner: int, make_owner: MakeOwner, pg: asyncpg.Connection
) -> None:
    for _ in range(20):
        await make_owner()
    await pg.execute(FILL)
    await pg.execute(ANALYZE)
    for place in (None, Place(EACH, 0, EACH)):
        with statements() as sent:
            found = await changes(owner, 10, place)
        assert len(found.items) == 10
        assert found.has_more
        [(query, values)] = sent
        answer = await pg.fetchval(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query}", *values)
        scans = {
            node["Index Name"]: node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            for node in nodes(json.loads(answer)[0]["Plan"])
            if node.get("Relation Name") in ("contacts", "deleted_contacts")
        }
        assert scans.keys() == {"idx_contacts_by_change", "idx_deleted_contacts_by_seq"}, place
        assert max(scans.values()) <= 11, place
