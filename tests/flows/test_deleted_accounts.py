"""What is left of an account that its owner has deleted."""

import asyncpg
import pytest

from contactsvc.assembly import services_of
from tests.conftest import PASSWORD, Client, MakePerson, Person
from tests.support.mailbox import Mailbox
from tests.support.photo_uploads import put_photo
from tests.support.pictures import flag
from tests.support.waiting import until

FORMER = ("Änna@example.com", "second@example.com")
LAST = "last@example.com"
OWNED = {
    *("contacts", "contact_photos", "contact_versions", "deleted_contacts", "address_books"),
    *("contact_operations", "stored_cards", "card_groups", "birthday_reminders"),
    *("idempotency_keys", "dismissed_duplicates"),
}
CARDS = """
    INSERT INTO stored_cards (owner_id, contact_id, version, format, text)
    SELECT owner_id, id, version, '3.0', 'Canary Contact' FROM contacts;
    INSERT INTO card_groups (owner_id, name, uid, title, members, version, seq, format, text,
        created_at, updated_at)
    SELECT owner_id, 'x', 'x', 'Canary Contact', '{}', 1, 1, '3.0', '', now(), now()
    FROM address_books;
    INSERT INTO dismissed_duplicates (owner_id, low_id, high_id)
    SELECT owner_id, min(id), max(id) FROM contacts GROUP BY owner_id;
"""
KEYS = """
    INSERT INTO idempotency_keys (owner_id, id, request, claim, expires_at, status, headers, body)
    SELECT owner_id, 'x', 'x', 'x', now(), 201, '{}', 'Canary Contact' FROM address_books
"""
CANARIES = (*FORMER, "äNNA", "last@example.com", "Anna Canary", "Canary Contact", "canary agent")


async def rows_with(pg: asyncpg.Connection, words: tuple[str, ...]) -> list[str]:
    """Return every row of every table that has one of these words, in whatever case."""
    names = await pg.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    rows = [row for (n,) in names for (row,) in await pg.fetch(f'SELECT t::text FROM "{n}" t')]
    return [row for row in rows if any(word.lower() in row.lower() for word in words)]


async def rows_of(pg: asyncpg.Connection, owner: int | None) -> list[str]:
    """Return the tables that have rows of an owner; None is any owner who is not there."""
    names = await pg.fetch(
        "SELECT DISTINCT table_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_name = 'owner_id'"
    )
    owned = "owner_id = $1" if owner else "owner_id NOT IN (SELECT id FROM users) AND $1 IS NULL"
    query = "SELECT EXISTS (SELECT FROM {} WHERE " + owned.replace("$1", "$1::bigint") + ")"
    return [n for (n,) in names if await pg.fetchval(query.format(f'"{n}"'), owner)]


async def move(person: Person, mailbox: Mailbox, pg: asyncpg.Connection, email: str) -> None:
    """Change the e-mail of somebody, and confirm it from there."""
    body = {"email": email, "password": PASSWORD}
    assert (await person.post("/api/users/me/email", json=body)).status == 202
    assert (await person.client.post(await mailbox.link(email))).status == 200
    person.email = email
    await person.sign_in()


@pytest.mark.own_app
async def test_no_row_names_who_has_left_by_any_address_they_had(
    client: Client, make_person: MakePerson, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    anna = await make_person(FORMER[0], "Anna Canary")
    contact = await anna.add_contact(first_name="Canary Contact", email="canary@example.org")
    await put_photo(anna, contact, flag())
    deleted = await anna.add_contact(first_name="Canary Contact", notes="before")
    await put_photo(anna, deleted, flag("GIF"))
    assert (await anna.delete(f"/api/contacts/{deleted['id']}")).status == 204
    table = {"data": b"Name\nCanary Contact\n", "headers": {"Content-Type": "text/csv"}}
    assert (await anna.post("/api/contacts/import", **table)).status == 200
    await pg.execute(CARDS + KEYS)
    assert (await anna.put("/api/users/me/birthday_reminder", json={})).status == 200
    assert set(await rows_of(pg, await pg.fetchval("SELECT id FROM users"))) >= OWNED
    await client.post("/api/auth/login", json={"email": anna.email, "password": PASSWORD},
                      headers={"User-Agent": "canary agent"})  # fmt: skip
    for asked in (FORMER[0], "äNNA@EXAMPLE.COM"):
        await client.post("/api/auth/update_password", json={"email": asked})
        await client.post("/api/auth/request_email", json={"email": asked})
    for email in (FORMER[1], LAST):
        await move(anna, mailbox, pg, email)
    asked_in_vain = {"email": "never-confirmed@example.com", "password": PASSWORD}
    assert (await anna.post("/api/users/me/email", json=asked_in_vain)).status == 202
    stranger = {"email": LAST, "password": "what a stranger made up", "name": "Stranger"}
    assert (await client.post("/api/auth/register", json=stranger)).status == 201
    words = (*CANARIES, "never-confirmed", "Stranger")
    idle = "SELECT NOT EXISTS (SELECT FROM outbox WHERE status = 'pending')"
    await until(lambda: pg.fetchval(idle))
    assert len(await rows_with(pg, FORMER)) >= 4, "there is something to be removed"

    assert (await anna.delete("/api/users/me", json={"password": PASSWORD})).status == 204

    assert await rows_with(pg, words) == []
    assert await rows_of(pg, None) == [], "no row belongs to nobody"
    redis = services_of(client.app).cache._redis
    assert [key async for key in redis.scan_iter() if await redis.ttl(key) < 0] == []


async def test_who_comes_to_a_former_address_keeps_their_mail(
    client: Client, make_person: MakePerson, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    anna = await make_person("anna@example.com")
    await move(anna, mailbox, pg, LAST)
    other = await make_person("anna@example.com")
    await client.post("/api/auth/update_password", json={"email": other.email})
    theirs = "SELECT count(*) FROM outbox WHERE recipient = 'anna@example.com' AND user_id IS NULL"
    before = await pg.fetchval(theirs)

    assert (await anna.delete("/api/users/me", json={"password": PASSWORD})).status == 204

    assert before == 1
    assert await pg.fetchval(theirs) == before
    assert len(await rows_with(pg, (LAST,))) == 0
