"""Keys of rows that an older release has written."""

import asyncpg
import orjson
import pytest

from contactsvc.accounts.users.model import User
from contactsvc.contacts import key_renewal
from contactsvc.contacts.details import empty
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.repository import ContactRepository
from tests.support.address_books import MakeOwner

OLD_ROW = """
INSERT INTO contacts (owner_id, first_name, last_name, phone, notes, first_name_key, last_name_key,
                      version, created_at, updated_at)
SELECT $1, 'Мар’яна', 'O’Neil', '+44207946' || lpad(n::text, 4, '0'), '', 'мар’яна', 'o’neil',
       3, now(), now() FROM generate_series(1, $2) AS n
"""
EVERYTHING = "SELECT * FROM contacts ORDER BY owner_id, id"
SEEN = "SELECT owner_id, id, phone, version, created_at, updated_at FROM contacts ORDER BY 1, 2"


@pytest.mark.parametrize("batch", [1, 3, 5, 100])
async def test_all_rows_are_renewed_whatever_the_batches(
    owner: int,
    make_owner: MakeOwner,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    batch: int,
) -> None:
    statement = key_renewal._STALE.replace(f"LIMIT {key_renewal.BATCH}", f"LIMIT {batch}")
    monkeypatch.setattr(key_renewal, "_STALE", statement)
    for person in (owner, await make_owner()):
        await pg.execute(OLD_ROW, person, 5)
    seen = await pg.fetch(SEEN)

    assert await key_renewal.renew() == 10

    contacts = ContactRepository(owner)
    for text in ("мар'яна o'neil", "020 7946 0003"):
        assert await contacts.count(ContactFilter(text)) == (1 if "3" in text else 5), text
    assert await pg.fetch(SEEN) == seen, "no client sees a change"
    assert await key_renewal.renew() == 0


PEOPLE = [("Ігор", "Яненко"), ("Ґалаґан", ""), ("Zoë", "Bell"), ("Eva", "Émery"), ("Ada", "bell")]


async def names(contacts: ContactRepository) -> list[tuple[str, str]]:
    page = await contacts.page(ContactFilter(), "last_name", 100)
    return [(row["first_name"], row["last_name"]) for row in page.rows]


async def test_contacts_stand_where_they_belong(owner: int, pg: asyncpg.Connection) -> None:
    await pg.executemany(
        "INSERT INTO contacts (owner_id, first_name, last_name, notes, first_name_key,"
        " last_name_key, version, created_at, updated_at, derived_version, details)"
        " VALUES ($1, $2, $3, '', '', '', 1, now(), now(), $4, $5)",
        # Also those whose columns to sort by have been added since.
        [
            (owner, *names, *((1, orjson.dumps(empty()).decode()) if n % 2 else (None, None)))
            for n, names in enumerate(PEOPLE)
        ],
    )
    contacts = ContactRepository(owner)

    assert await key_renewal.renew() == len(PEOPLE)

    assert await names(contacts) == [PEOPLE[n] for n in (1, 4, 2, 3, 0)]
    await contacts.create({"first_name": "Ігор", "last_name": "Яненко"})
    columns = "first_name_sort, last_name_sort, search_key, match_keys, display_name"
    query = f"SELECT {columns} FROM contacts WHERE first_name = 'Ігор'"
    [one, other] = await pg.fetch(query)
    assert one == other, "they are the keys that a new contact gets"
    assert await key_renewal.renew() == 0


async def test_what_was_written_uncounted_is_to_be_counted(
    owner: int, pg: asyncpg.Connection
) -> None:
    contacts = ContactRepository(owner)
    await contacts.create({"first_name": "Ada"})
    await pg.execute(OLD_ROW, owner, 5)
    assert await pg.fetchval("SELECT contacts FROM address_books") == 1
    await key_renewal.renew()
    assert await pg.fetchval("SELECT contacts FROM address_books") is None
    await contacts.create({"first_name": "Bea"})
    assert await pg.fetchval("SELECT contacts FROM address_books") == 7


async def test_what_this_release_wrote_is_left_alone(owner: int, pg: asyncpg.Connection) -> None:
    contacts = ContactRepository(owner, "GB")
    row, _ = await contacts.create({"first_name": "Ada", "phone": "020 7946 0958"})
    await contacts.change(row["id"], {"notes": "new"})
    before = await pg.fetch(EVERYTHING)

    assert await key_renewal.renew() == 0
    assert await pg.fetch(EVERYTHING) == before


async def test_what_was_typed_stays_while_it_is_the_number(
    owner: int, pg: asyncpg.Connection
) -> None:
    contacts = ContactRepository(owner, "GB")
    for first_name in ("same", "other"):
        await contacts.create({"first_name": first_name, "phone": "020 7946 0958"})
    # Two changes by an older release, which knows nothing of the lists.
    await pg.execute("UPDATE contacts SET version = version + 1")
    await pg.execute("UPDATE contacts SET phone = '+12025550123' WHERE first_name = 'other'")

    assert await key_renewal.renew() == 2

    rows = await pg.fetch(
        "SELECT phone, details->'phones'->0->>'value', details->'phones'->0->>'e164'"
        " FROM contacts ORDER BY id"
    )
    assert [tuple(row) for row in rows] == [
        ("+442079460958", "020 7946 0958", "+442079460958"),
        ("+12025550123", "+12025550123", "+12025550123"),
    ]


async def test_a_change_that_comes_between_counts(owner: int, pg: asyncpg.Connection) -> None:
    await pg.execute(OLD_ROW, owner, 1)
    rows = await key_renewal._stale(0, 0)
    assert len(rows) == 1
    await pg.execute("UPDATE contacts SET version = 4, derived_version = 4, search_key = 'new'")

    await key_renewal._write(rows, None)

    assert await pg.fetchval("SELECT search_key FROM contacts") == "new"


async def test_numbers_are_searched_as_in_the_region_of_their_owner(
    owner: int, make_owner: MakeOwner, pg: asyncpg.Connection
) -> None:
    extension = "020 7946 0958 ext. 5"  # which has no international form, but is found by it
    owners = [(owner, "GB"), (await make_owner(), None)]
    for each, region in owners:
        await ContactRepository(each, "GB").create({"first_name": "Ada", "phone": extension})
        await pg.execute("UPDATE users SET region = $1 WHERE id = $2", region, each)
    before = await pg.fetch("SELECT search_key FROM contacts ORDER BY id")

    await key_renewal.mark_all()
    assert await key_renewal.renew(default_region="GB") == 2

    assert await pg.fetch("SELECT search_key FROM contacts ORDER BY id") == before


@pytest.mark.parametrize("span", [1, 2, 100])
async def test_all_may_be_marked_to_be_made_anew(
    contacts: ContactRepository, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, span: int
) -> None:
    monkeypatch.setattr(key_renewal, "SPAN", span)
    for number in range(5):
        await contacts.create({"first_name": f"Ada {number}", "email": "ada@example.com"})
    seen = await pg.fetch(SEEN)
    await pg.execute("UPDATE contacts SET search_key = 'by other rules', last_name_sort = 'x'")
    assert await key_renewal.renew() == 0

    await key_renewal.mark_all()
    assert await key_renewal.renew() == 5

    assert await contacts.count(ContactFilter(q="ada example")) == 5
    assert await pg.fetch(SEEN) == seen
    assert await key_renewal.renew() == 0


async def test_names_of_users_are_renewed(make_owner: MakeOwner, orm: None) -> None:
    ids = [await make_owner() for _ in range(3)]
    await User.filter(id=ids[0]).update(name="Мар’яна", name_key="мар’яна")
    await User.filter(id=ids[1]).update(name="D`Arcy", name_key="d`arcy")
    await User.filter(id=ids[2]).update(name="Zoë", name_key="zoe")

    assert await key_renewal.renew() == 2

    users = await User.all().order_by("id")
    assert [user.name_key for user in users] == ["мар'яна", "d'arcy", "zoe"]
    assert await key_renewal.renew() == 0
