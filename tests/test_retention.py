"""The list of what is kept has every table, and what it says comes true."""

import importlib
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from contactsvc.accounts.idempotency import repository as idempotency_keys
from contactsvc.contacts.versions import repository as versions
from contactsvc.housekeeping import Housekeeping
from contactsvc.mail.worker import OutboxWorker
from contactsvc.platform.clock import now
from contactsvc.platform.settings import Settings
from contactsvc.platform.settings.lifetimes import TOMBSTONE_TTL
from contactsvc.retention import RETENTION, WITHOUT_PERSONAL_DATA
from tests.conftest import PASSWORD, Client, MakePerson
from tests.mail.support import ask
from tests.support.app_passwords import add_app_password
from tests.support.mailbox import Mailbox
from tests.support.photos import add_photo
from tests.support.waiting import until

pytestmark = pytest.mark.own_app

DOCS = Path(__file__).parents[1] / "docs"
STAYS = {
    "users": 1,  # the one who is still there
    "contacts": 1,
    "address_books": 1,
    "stored_cards": 1,
    "birthday_reminders": 1,
    "feed_secrets": 1,
    "audit_events": 1,  # that the other account has been deleted, just now
}

AGE = timedelta(days=400)
IDLE = "SELECT NOT EXISTS (SELECT FROM outbox WHERE status = 'pending')"
LET_GO = "UPDATE outbox SET status = $2, next_attempt_at = $3, finished_at = $4 WHERE id = $1"

FEED = "INSERT INTO feed_secrets (user_id, digest, created_at) VALUES (1, '', now())"
IMPORT = (
    "INSERT INTO contact_operations (owner_id, kind, at, contacts, contact_ids, versions_before,"
    " versions_after) SELECT owner_id, 'import', now(), 1, ARRAY[id], '{0}', '{1}' FROM contacts"
    " LIMIT 1"
)

CARDS = (
    "INSERT INTO stored_cards (owner_id, contact_id, version, format, text)"
    " SELECT owner_id, id, version, '3.0', 'text' FROM contacts;"
    "INSERT INTO card_groups (owner_id, name, uid, title, members, version, seq, format, text,"
    " created_at, updated_at, deleted_at) SELECT owner_id, 'name', 'uid', '', '{}', 2, seq, '3.0',"
    " '', now(), now(), now() FROM address_books"
)

KEYS = (
    "INSERT INTO idempotency_keys (owner_id, id, request, claim, expires_at, status, headers, body)"
    " SELECT owner_id, 'x', 'x', 'x', now() + '24 hours', 201, '{}', 'body' FROM address_books"
)

TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL($1::text[])"
)
TIMES = """
SELECT table_name, string_agg(format('%1$I = %1$I - $1::interval', column_name), ', ')
FROM information_schema.columns
WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' GROUP BY 1
"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Redis in the process: one that others share is told at once of what it has missed."""
    return replace(settings, redis_url=None)


@pytest.fixture
def patient_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers look into the outbox when mail is put there, not when it is due by its age."""
    defaults = OutboxWorker.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "poll", 1e6)


async def count(pg: asyncpg.Connection) -> dict[str, int]:
    """Return how many rows each table has that holds something of people."""
    names = [name for (name,) in await pg.fetch(TABLES, list(WITHOUT_PERSONAL_DATA))]
    return {name: await pg.fetchval(f'SELECT count(*) FROM "{name}"') for name in sorted(names)}


async def age(pg: asyncpg.Connection, by: timedelta) -> None:
    """Let everything have happened so much earlier: every time in every table."""
    async with pg.transaction():
        await pg.execute("SET LOCAL session_replication_role = replica")  # no trigger objects
        for table, change in await pg.fetch(TIMES):
            await pg.execute(f'UPDATE "{table}" SET {change}', by)


def age_files(folder: Path, by: timedelta) -> None:
    for file in folder.rglob("*"):
        moment = file.stat().st_mtime - by.total_seconds()
        os.utime(file, (moment, moment))


async def keep_house(settings: Settings) -> None:
    """Let a housekeeper do all that is to be done."""
    keeper = Housekeeping(settings)
    await keeper._purge(files=True)
    await keeper._purge(files=False)


async def live(
    client: Client, make_person: MakePerson, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    """Leave traces of every kind: used and unused accounts, links, sign-ins, mail of every fate."""
    grace = await make_person("grace@example.com")
    await grace.add_contact(first_name="Ada")
    contact_id = (await grace.add_contact())["id"]
    for path in ("/api/contacts/1", f"/api/contacts/{contact_id}"):
        assert (await grace.patch(path, json={"notes": "changed"})).status == 200
    pair = "INSERT INTO dismissed_duplicates (owner_id, low_id, high_id) VALUES (1, 1, $1)"
    await pg.execute(pair, contact_id)
    await add_photo(pg, contact_id)
    await pg.execute(IMPORT)
    await add_app_password(pg, expires_at=now() + timedelta(hours=1))
    await pg.execute(CARDS)
    assert (await grace.put("/api/users/me/birthday_reminder", json={})).status == 200
    await pg.execute(FEED)
    await pg.execute(KEYS)
    assert (await grace.delete(f"/api/contacts/{contact_id}")).status == 204
    body = {"email": "new@example.com", "password": PASSWORD}
    assert (await grace.post("/api/users/me/email", json=body)).status == 202
    assert (await client.post("/api/auth/register", json=body)).status == 201
    assert (await grace.post("/api/auth/logout", json={"scope": "global"})).status == 204
    debt = "INSERT INTO pending_invalidations (user_id, version, expires_at) VALUES (1, 2, $1)"
    await pg.execute(debt, now() + timedelta(hours=1))
    await until(lambda: len(mailbox.all()) >= 3)
    await until(lambda: pg.fetchval(IDLE))
    for status in ("dead", "pending"):
        due = now() + timedelta(hours=1)
        async with pg.transaction():  # no worker sees it before
            mail_id = await ask(pg, "reset_password", f"{status}@example.com")
            await pg.execute(LET_GO, mail_id, status, due, None if status == "pending" else now())


@pytest.mark.usefixtures("patient_worker")
async def test_after_400_days_nothing_is_left_but_what_is_used(
    client: Client,
    make_person: MakePerson,
    mailbox: Mailbox,
    settings: Settings,
    pg: asyncpg.Connection,
) -> None:
    await live(client, make_person, mailbox, pg)
    before = await count(pg)
    assert all(before.values()), "there is something of every kind"

    await keep_house(settings)
    assert await count(pg) == before, "nothing goes before its time"

    await age(pg, AGE)
    age_files(settings.data_dir, AGE)
    await keep_house(settings)
    left = {name: number for name, number in (await count(pg)).items() if number}
    assert left == STAYS
    assert mailbox.all() == []
    assert await pg.fetchval("SELECT oldest_seq = seq FROM address_books"), "none is in the dark"
    assert await pg.fetchval("SELECT email FROM users") == "grace@example.com"
    event = await pg.fetchrow("SELECT event, ip, data FROM audit_events")
    assert tuple(event) == ("user_deleted", "", '{"by": "retention"}')


async def test_every_table_is_in_the_list(pg: asyncpg.Connection) -> None:
    """Whoever adds one says how long what is in it is kept."""
    listed = {table for entry in RETENTION for table in entry.tables}

    assert listed == (await count(pg)).keys()


def test_whatever_a_setting_ends_is_ended_by_somebody() -> None:
    by_others = [entry.place for entry in RETENTION if entry.setting and not entry.purge]

    assert by_others == ["files in ``DATA_DIR/mail``", "Redis"]
    assert all(entry.tables or entry.place for entry in RETENTION)


def test_the_reference_shows_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(DOCS)
    table = importlib.import_module("_ext.retention_table").retention_table()

    for entry in RETENTION:
        row = table.partition(f"* - {entry.what}")[2].partition("   * - ")[0]
        assert all(f"``{name}``" in row for name in entry.tables), entry.what
        assert entry.place in row
        assert entry.end[1:] in row
        assert not entry.setting or f"``{entry.setting.upper()}``" in row
    assert "180 days after the event" in table
    assert ".. retention::" in (DOCS / "reference" / "retention.rst").read_text()


def test_the_page_for_the_people_says_the_same_times() -> None:
    page = " ".join((DOCS / "explanation" / "your-data.rst").read_text().split())
    told = {
        "goes after {} days": Settings.unconfirmed_ttl,
        "{} days in the trash": Settings.trash_ttl,
        "for {} days, to tell your devices": TOMBSTONE_TTL,
        "of the last {} days": versions.TTL,
        "{} days after each has ended": Settings.ended_session_ttl,
        "{} days, or 90 where": Settings.mail_ttl,
        "or {} where it could not be sent": Settings.dead_mail_ttl,
        "{} days. In the last 30": Settings.audit_ttl,
        "until their {} days are over": Settings.audit_ttl,
        "no mail server: up to {} days": Settings.mail_ttl,
    }
    for words, seconds in told.items():
        assert words.format(seconds // 86400) in page, words
    assert f"{idempotency_keys.TTL // 3600} hours, also where the contact is deleted" in page
    assert Settings.user_cache_ttl == 60, "up to a minute"
