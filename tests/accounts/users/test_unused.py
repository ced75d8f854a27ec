"""Accounts that were begun and never used go; all others stay."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.users import unused as unused_accounts
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.clock import now
from tests.support.accounts import add_account

pytestmark = pytest.mark.usefixtures("orm")

OLD, YOUNG = (now() - timedelta(days=days) for days in (8, 6))
CUT = now() - timedelta(days=7)

ACCOUNTS: dict[str, dict[str, Any]] = {
    "unused": {},
    "unused, too": {"is_active": False},
    "confirmed": {"confirmed": True},
    "young": {"created_at": YOUNG},
    "administrator": {"role": "admin"},
    "with an avatar": {"avatar": "folder:a.webp"},
    "signed in": {},
    "with a contact": {},
    "with a registration": {},
}


async def add_all(pg: asyncpg.Connection) -> dict[str, int]:
    """Add the accounts and return their ids."""
    ids = {}
    for name, columns in ACCOUNTS.items():
        wanted = {"confirmed": False, "created_at": OLD} | columns
        created = wanted.pop("created_at")
        ids[name] = await add_account(pg, f"{name}@example.com", **wanted)
        await pg.execute("UPDATE users SET created_at = $2 WHERE id = $1", ids[name], created)
    await pg.execute(
        "INSERT INTO sessions (id, user_id, counter, user_agent, ip, created_at, last_used_at,"
        " expires_at) VALUES (1, $1, 0, '', '', now(), now(), now())",
        ids["signed in"],
    )
    await pg.execute(
        "INSERT INTO contacts (owner_id, first_name, last_name, notes, first_name_key,"
        " last_name_key, version, created_at, updated_at)"
        " VALUES ($1, 'A', '', '', 'a', '', 1, now(), now())",
        ids["with a contact"],
    )
    for name, asked_at in (("with a registration", YOUNG), ("unused", OLD)):
        await registrations.add(f"{name}@example.com", "hash", "")
        change = "UPDATE registrations SET asked_at = $2 WHERE email = $1"
        await pg.execute(change, f"{name}@example.com", asked_at)
    return ids


async def test_only_those_go_that_nobody_has_used(
    pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unused_accounts, "BATCH", 1)  # more than one round
    ids = await add_all(pg)

    assert await unused_accounts.purge(CUT, address_books) == 2

    left = {user_id for (user_id,) in await pg.fetch("SELECT id FROM users")}
    assert left == set(ids.values()) - {ids["unused"], ids["unused, too"]}
    events = await pg.fetch("SELECT event, user_id, actor_id, data FROM audit_events ORDER BY id")
    assert [tuple(event) for event in events] == [
        ("user_deleted", ids[name], None, '{"by": "retention"}')
        for name in ("unused", "unused, too")
    ]


async def test_an_account_that_is_just_being_confirmed_is_passed_over(
    pg: asyncpg.Connection, postgres_url: str
) -> None:
    await add_account(pg, "ada@example.com", confirmed=False)
    await pg.execute("UPDATE users SET created_at = $1", OLD)
    other = await asyncpg.connect(postgres_url)
    try:
        async with other.transaction():
            await other.execute("UPDATE users SET confirmed = true")
            assert await unused_accounts.purge(CUT, address_books) == 0
    finally:
        await other.close()
    assert await pg.fetchval("SELECT confirmed FROM users") is True
