"""How PostgreSQL finds cards in a table with many owners: each by an index, whatever the book."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from contactsvc.contacts import card_names
from contactsvc.contacts.dav.cards import groups, repository
from contactsvc.platform.database import database
from tests.support.plans import execute, scans

pytestmark = pytest.mark.slow

OWNERS, CONTACTS_EACH = 50, 400
FILL = f"""
INSERT INTO users (email, email_key, name, password_hash, role, confirmed, is_active,
                   auth_version, version, created_at)
SELECT n || '@example.com', n || '@example.com', '', '', 'user', true, true, 1, 1, now()
FROM generate_series(1, {OWNERS}) AS n;
INSERT INTO address_books (owner_id, id, name, seq, oldest_seq)
SELECT id, 1, '', {CONTACTS_EACH}, 0 FROM users;
INSERT INTO contacts (owner_id, uid, card_name, seq, first_name, last_name, notes,
                      details, last_name_sort, version, derived_version, created_at, updated_at)
SELECT owner.id, 'uid' || n, CASE WHEN n % 2 = 0 THEN 'name' || n END, n, 'f', 'l', '',
       '{{}}', 'x', 1, 1, now(), now()
FROM users AS owner, generate_series(1, {CONTACTS_EACH}) AS n;
INSERT INTO stored_cards (owner_id, contact_id, version, format, text)
SELECT owner_id, id, 1, '3.0', 'text' FROM contacts WHERE seq % 4 = 0;
INSERT INTO contact_photos (owner_id, contact_id, etag, media_type, content, created_at)
SELECT owner_id, id, 'x', 'image/jpeg', 'photo', now() FROM contacts WHERE seq % 4 = 1;
INSERT INTO deleted_contacts (owner_id, id, uid, card_name, seq, deleted_at)
SELECT owner_id, id + 1000000, 'gone' || id, 'gone' || id, seq, now() FROM contacts;
INSERT INTO card_groups (owner_id, name, uid, title, members, version, seq, format, text,
                         created_at, updated_at, deleted_at)
SELECT owner.id, 'group' || n, 'group' || n, '', '{{}}', 1, {CONTACTS_EACH} + n, '3.0', '', now(),
       now(), CASE WHEN n > 5 THEN now() END
FROM users AS owner, generate_series(1, 50) AS n;
"""
TABLES = ("contacts", "stored_cards", "contact_photos", "card_groups", "deleted_contacts")
ASKED = [f"uid{number}" for number in range(1, 40, 2)] + ["group1", "nobody"]
IDS = "SELECT id FROM contacts WHERE owner_id = $1 ORDER BY id LIMIT 20"
MOST = 9_000_000_000


@pytest.fixture(scope="module")
def crowded(postgres_url: str) -> Iterator[int]:
    """Fill the tables once for all tests here, and give the id of an owner in their middle."""
    empty = "TRUNCATE address_books, contacts, users RESTART IDENTITY CASCADE"
    analyze = [f"VACUUM ANALYZE {table}" for table in TABLES]
    asyncio.run(execute(postgres_url, empty, FILL, *analyze))
    yield OWNERS // 2
    asyncio.run(execute(postgres_url, empty, *analyze))


@pytest.fixture
async def connection(crowded: int, postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres_url)
    async with database(postgres_url):
        yield connection
    await connection.close()


async def test_each_statement_reads_what_it_gives(
    crowded: int, connection: asyncpg.Connection
) -> None:
    ids = [row["id"] for row in await connection.fetch(IDS, crowded)]
    places = list(range(len(ids)))
    numbered = list(range(len(ASKED)))
    statements: dict[str, tuple[str, list[object], int]] = {
        "page": (repository._PAGE, [crowded, ids[0], "", 21], 21),
        "last page": (repository._PAGE, [crowded, MOST, "group2", 21], 21),
        "named": (repository._NAMED, [crowded, ASKED], 1),
        "taken": (card_names._TAKEN, [crowded, ASKED], 5),
        "uid": (repository._BY_UID, [crowded, "uid7"], 5),
        "texts": (repository._TEXTS, [crowded, "3.0", ids, places, [], []], 1),
        "texts by name": (repository._TEXTS_BY_NAME, [crowded, "3.0", ASKED, numbered], 1),
        "all changes": (repository._CHANGES, [crowded, 0, 0, MOST, 21, MOST], 21),
        "one change": (repository._CHANGES, [crowded, CONTACTS_EACH + 4, 0, MOST, 21, MOST], 1),
        "no change": (repository._CHANGES, [crowded, CONTACTS_EACH + 50, 0, MOST, 21, MOST], 0),
        "changes until": (repository._CHANGES, [crowded, 9, 0, 9, 21, 12], 4),
        "titles": (groups._TITLES_OF, [crowded, "uid7"], 5),
    }
    for name, (statement, values, most) in statements.items():
        for scan in await scans(connection, statement, values):
            if scan.get("Relation Name") not in TABLES:
                continue
            assert scan["Node Type"] != "Seq Scan", (name, scan)
            read = scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)
            assert read <= max(most, 5), (name, scan)
