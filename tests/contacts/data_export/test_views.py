"""The archive of all that is kept about oneself, and nothing about anybody else."""

import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.accounts.app_passwords.schemas import AppPasswordAnswer
from contactsvc.accounts.app_passwords.secret import digest_of
from tests.conftest import MakePerson, Person
from tests.support.administrators import MakeAdmin
from tests.support.app_passwords import add_app_password
from tests.support.avatars import uploaded
from tests.support.photo_uploads import photo_of, put_photo
from tests.support.pictures import flag, opened

pytestmark = pytest.mark.own_app

PATH = "/api/users/me/export"
FILES = [
    *("README.txt", "account.json", "sessions.json", "app_passwords.json"),
    *("birthday_feed.json", "birthday_reminder.json"),
    *("contacts.json", "contacts.vcf", "contacts_deleted.json", "contacts_versions.json"),
    *("duplicates_dismissed.json", "cards.vcf", "groups.json", "audit.json"),
]
MAIL = {"value": "ada@example.com", "type": "work", "label": "Office"}


async def exported(person: Person) -> zipfile.ZipFile:
    """Return the archive, of which every file is whole."""
    response = await person.get(PATH)
    assert response.status == 200, await response.text()
    archive = zipfile.ZipFile(BytesIO(await response.read()))
    assert archive.testzip() is None
    return archive


def read(archive: zipfile.ZipFile, name: str) -> Any:
    return orjson.loads(archive.read(name))


async def test_an_account_without_anything(grace: Person) -> None:
    archive = await exported(grace)

    assert archive.namelist() == FILES
    assert read(archive, "contacts.json") == []
    assert read(archive, "birthday_reminder.json") is None
    assert read(archive, "account.json") == await (await grace.get("/api/users/me")).json()
    text = archive.read("README.txt").decode()
    assert all(name in text for name in FILES[1:])


async def test_everything_is_in_it(make_admin: MakeAdmin) -> None:
    admin = await make_admin("admin@example.com")
    user = await uploaded(admin, flag())
    contacts = [await admin.add_contact(first_name=f"Ada {number} \u00e9") for number in range(3)]
    await put_photo(admin, contacts[1], flag(size=(20, 10)))
    await put_photo(admin, contacts[2], flag("GIF"))
    assert (await admin.delete(f"/api/contacts/{contacts[2]['id']}")).status == 204
    kept = (await (await admin.get("/api/contacts/")).json())["items"]
    photos = [f"photos/{contact['id']}.jpg" for contact in contacts[1:]]

    archive = await exported(admin)

    assert archive.namelist() == [*FILES, "avatar.webp", *photos]
    assert read(archive, "contacts.json") == kept
    assert {contact["photo_url"] for contact in kept if contact["photo_url"]} == {
        f"https://contacts.example.com{photo_of(contacts[1])}"
    }
    picture = await (await admin.get(photo_of(contacts[1]))).read()
    assert archive.read(photos[0]) == picture
    assert opened(archive.read("avatar.webp")).size == (512, 512)
    assert read(archive, "account.json") == user


async def test_the_trash_is_in_it_and_what_is_left_of_the_rest(
    grace: Person, pg: asyncpg.Connection
) -> None:
    made = [await grace.add_contact(first_name=name, emails=[MAIL]) for name in ("Ada", "Bea")]
    await put_photo(grace, made[0], flag())
    for contact in made:
        assert (await grace.delete(f"/api/contacts/{contact['id']}")).status == 204
    shown = (await (await grace.get("/api/contacts/trash")).json())["items"]
    assert (await grace.delete(f"/api/contacts/trash/{made[1]['id']}")).status == 204

    archive = await exported(grace)

    bea, ada = shown
    left = {name: bea[name] for name in ("id", "uid", "deleted_at")}
    assert read(archive, "contacts_deleted.json") == [ada, left]
    assert read(archive, "contacts.json") == []


async def test_what_files_say_is_in_it_and_other_programs_read_it(grace: Person) -> None:
    lines = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada\r\nUID:u1\r\nX-PET:Rex\r\nEND:VCARD\r\n"
    headers = {"Content-Type": "text/vcard"}
    twice = lines + lines.replace("u1", "u2").replace("Ada", "Bea")
    assert (await grace.post("/api/contacts/import", data=twice, headers=headers)).status == 200
    ada, bea = (await (await grace.get("/api/contacts/")).json())["items"]
    await grace.patch(f"/api/contacts/{ada['id']}", json={"notes": "changed"})
    await grace.delete(f"/api/contacts/{bea['id']}")

    archive = await exported(grace)

    cards = archive.read("contacts.vcf").decode()
    assert cards.count("BEGIN:VCARD") == cards.count("X-PET:Rex") == 1
    (deleted,) = read(archive, "contacts_deleted.json")
    (version,) = read(archive, "contacts_versions.json")
    assert deleted["extra"] == version["contact"]["extra"] == ["X-PET:Rex"]


async def test_earlier_versions_are_in_it_of_contacts_in_the_trash_too(grace: Person) -> None:
    ada, bea = [await grace.add_contact(first_name=name) for name in ("Ada", "Bea")]
    shown = []
    for contact, times in ((ada, 3), (bea, 1)):
        path = f"/api/contacts/{contact['id']}"
        for number in range(times):
            assert (await grace.patch(path, json={"notes": f"{number}"})).status == 200
        items = (await (await grace.get(f"{path}/versions")).json())["items"]
        shown += reversed(items)
    assert (await grace.delete(f"/api/contacts/{bea['id']}")).status == 204

    versions = read(await exported(grace), "contacts_versions.json")

    assert versions == shown
    assert [(item["version"], item["contact"]["first_name"]) for item in versions] == [
        *((1, "Ada"), (2, "Ada"), (3, "Ada")),
        (1, "Bea"),
    ]


async def test_sign_ins_that_have_ended_are_in_it(grace: Person) -> None:
    former = Person(grace.client, grace.email)
    await former.sign_in()
    assert (await former.post("/api/auth/logout")).status == 204

    sessions = read(await exported(grace), "sessions.json")

    assert [bool(session["revoked_at"]) for session in sessions] == [True, False]
    assert {session["ip"] for session in sessions} == {"127.0.0.1"}


async def test_app_passwords_are_in_it_without_their_hashes(
    grace: Person, pg: asyncpg.Connection
) -> None:
    password = await add_app_password(pg, name="Phone")

    archive = await exported(grace)

    [found] = read(archive, "app_passwords.json")
    assert set(found) == set(AppPasswordAnswer().fields)
    assert (found["name"], found["scope"]) == ("Phone", "write")
    content = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (password, password.replace("-", ""), digest_of(password)):
        assert secret.encode() not in content


async def test_that_one_has_a_birthday_calendar_is_in_it(
    grace: Person, pg: asyncpg.Connection
) -> None:
    assert read(await exported(grace), "birthday_feed.json") == []
    made_at = "2026-01-31T12:00:00.000000Z"
    await pg.execute(
        "INSERT INTO feed_secrets (user_id, digest, created_at)"
        " SELECT id, 'its digest', $1 FROM users",
        datetime.fromisoformat(made_at),
    )

    archive = await exported(grace)

    [found] = read(archive, "birthday_feed.json")
    assert datetime.fromisoformat(found.pop("created_at")) == datetime.fromisoformat(made_at)
    assert found == {}
    assert b"its digest" not in b"".join(archive.read(name) for name in archive.namelist())


async def test_events_about_oneself_without_the_address_of_who_administers(
    grace: Person, make_admin: MakeAdmin, pg: asyncpg.Connection
) -> None:
    admin = await make_admin("admin@example.com")
    other = await pg.fetchval("SELECT id FROM users WHERE email = 'grace@example.com'")
    path = f"/api/admin/users/{other}"
    assert (await admin.patch(path, json={"role": "admin"})).status == 200
    await grace.sign_in()

    events = {event["event"]: event for event in read(await exported(grace), "audit.json")}

    assert {event["user_id"] for event in events.values()} == {other}
    assert events["authz_change"]["ip"] == ""
    assert events["sensitive_read"]["ip"] == events["authn_login_success"]["ip"] == "127.0.0.1"
    assert events["sensitive_read"]["actor_id"] == other


async def test_nothing_of_anybody_else_is_in_it(grace: Person, make_person: MakePerson) -> None:
    bob = await make_person("bob@example.com", "Bob Canary")
    contact = await bob.add_contact(first_name="Canary")
    await put_photo(bob, contact, flag())
    await bob.patch(f"/api/contacts/{contact['id']}", json={"notes": "changed"})
    former = await bob.add_contact(first_name="Canary")
    await bob.delete(f"/api/contacts/{former['id']}")
    await grace.add_contact()

    archive = await exported(grace)

    assert archive.namelist() == FILES
    assert not any(b"anary" in archive.read(name) for name in archive.namelist())
    assert not any(b"bob@" in archive.read(name) for name in archive.namelist())


STORED = """
    INSERT INTO stored_cards (owner_id, contact_id, version, format, text)
    SELECT owner_id, id, version, '3.0', convert_to('card of ' || id, 'UTF8') FROM contacts;
    INSERT INTO card_groups (owner_id, name, uid, title, members, version, seq, format, text,
        created_at, updated_at, deleted_at)
    SELECT owner_id, 'name' || n, 'uid' || n, 'Friends', '{}', 1, 100 + n, '3.0',
        convert_to('group ' || n, 'UTF8'), now(), now(), CASE WHEN n = 9 THEN now() END
    FROM address_books, generate_series(1, 9) AS n
"""


async def test_cards_are_in_it_as_programs_have_sent_them(
    grace: Person, pg: asyncpg.Connection
) -> None:
    ids = [(await grace.add_contact())["id"] for _ in range(25)]
    await pg.execute(STORED)

    archive = await exported(grace)

    cards = [f"card of {contact_id}" for contact_id in ids]
    groups = [f"group {number}" for number in range(1, 9)]
    assert archive.read("cards.vcf").decode().split("\r\n") == [*cards, *groups, ""]
    listed = read(archive, "groups.json")
    assert [group["name"] for group in listed] == [f"name{number}" for number in range(1, 10)]
    assert [group["deleted_at"] is None for group in listed] == [True] * 8 + [False]


async def test_when_birthdays_are_told_is_in_it(grace: Person) -> None:
    setting = {"days_before": [0, 7], "hour": 8, "tz": "Europe/Kyiv", "enabled": False}
    assert (await grace.put("/api/users/me/birthday_reminder", json=setting)).status == 200

    kept = read(await exported(grace), "birthday_reminder.json")

    assert kept == setting | {"next_due_at": None, "last_sent_on": None}


async def test_every_contact_comes_once(grace: Person, pg: asyncpg.Connection) -> None:
    ada = await grace.add_contact()
    columns = [name for (name,) in await pg.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'contacts'"
        " AND column_name NOT IN ('id', 'uid')")]  # fmt: skip
    names = ", ".join(f'"{name}"' for name in columns)
    await pg.execute(
        f"INSERT INTO contacts (uid, {names})"
        f" SELECT 'copy-' || n, {names} FROM contacts, generate_series(1, 250) n"
    )

    archive = await exported(grace)

    ids = [contact["id"] for contact in read(archive, "contacts.json")]
    assert ids == [row[0] for row in await pg.fetch("SELECT id FROM contacts ORDER BY id")]
    assert len(ids) == 251
    assert ada["id"] in ids
