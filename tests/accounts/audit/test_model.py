"""What PostgreSQL itself holds of the audit log."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.audit.model import AuditEvent, Event
from contactsvc.platform.clock import now
from tests.support.address_books import MakeOwner
from tests.support.enums import MOMENT, indexes, insert, optional

ROW: dict[str, Any] = {
    "at": MOMENT,
    "event": "user_created",
    "actor_id": 1,
    "user_id": 2,
    "ip": "192.0.2.1",
    "request_id": "one-request",
    "data": "{}",
}

EVENTS = {
    Event.LOGIN_SUCCESS: "authn_login_success",
    Event.LOGIN_FAIL: "authn_login_fail",
    Event.PASSWORD_CHANGE: "authn_password_change",
    Event.PASSWORD_CHANGE_FAIL: "authn_password_change_fail",
    Event.TOKEN_CREATED: "authn_token_created",
    Event.TOKEN_REUSE: "authn_token_reuse",
    Event.TOKEN_REVOKED: "authn_token_revoked",
    Event.USER_CREATED: "user_created",
    Event.USER_REGISTERED: "user_registered",
    Event.USER_CONFIRMED: "user_confirmed",
    Event.USER_UPDATED: "user_updated",
    Event.USER_DELETED: "user_deleted",
    Event.PRIVILEGE_CHANGE: "authz_change",
    Event.SENSITIVE_READ: "sensitive_read",
    Event.CONTACTS_IMPORTED: "contacts_imported",
    Event.CONTACTS_MERGED: "contacts_merged",
    Event.OPERATION_UNDONE: "operation_undone",
}


async def test_nobody_may_have_done_it_to_nobody(pg: asyncpg.Connection) -> None:
    assert await optional(pg, "audit_events", ROW) == {"actor_id", "user_id"}


async def test_an_event_is_never_changed_and_stays_for_30_days(
    pg: asyncpg.Connection, subtests: pytest.Subtests
) -> None:
    for days in (0, 29):
        await insert(pg, "audit_events", ROW | {"at": now() - timedelta(days=days)})
    old = await insert(pg, "audit_events", ROW | {"at": now() - timedelta(days=31)})
    before = await pg.fetch("SELECT * FROM audit_events ORDER BY id")
    for statement in (
        "UPDATE audit_events SET event = 'x'",
        f"UPDATE audit_events SET ip = '' WHERE id = {old}",
        "DELETE FROM audit_events",
        f"DELETE FROM audit_events WHERE id < {old}",
        "TRUNCATE audit_events",
        "TRUNCATE users, audit_events CASCADE",
    ):
        with (
            subtests.test(statement=statement),
            pytest.raises(asyncpg.RaiseError, match="only ever added"),
        ):
            await pg.execute(statement)
    assert await pg.fetch("SELECT * FROM audit_events ORDER BY id") == before
    assert await pg.execute(f"DELETE FROM audit_events WHERE id = {old}") == "DELETE 1"


async def test_an_event_outlives_those_it_names(
    pg: asyncpg.Connection, make_owner: MakeOwner
) -> None:
    user_id = await make_owner()
    await insert(pg, "audit_events", ROW | {"actor_id": user_id, "user_id": user_id})
    await pg.execute("DELETE FROM users")
    row = await pg.fetchrow("SELECT actor_id, user_id FROM audit_events")
    assert tuple(row) == (user_id, user_id)


async def test_what_is_asked_for_is_found_without_reading_all(pg: asyncpg.Connection) -> None:
    asked_for = {(column, "id") for column in ("user_id", "actor_id", "event", "at")}
    assert await indexes(pg, "audit_events") == {("id",)} | asked_for


@pytest.mark.usefixtures("orm")
@pytest.mark.parametrize("event", Event)
async def test_events_of_the_release_before_keep_their_names(
    pg: asyncpg.Connection, event: Event
) -> None:
    event_id = await insert(pg, "audit_events", ROW | {"event": EVENTS[event]})
    assert (await AuditEvent.get(id=event_id)).event is event
