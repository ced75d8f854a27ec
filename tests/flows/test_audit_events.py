"""The audit log of an account's whole life: every event, with whom it is about and what it says."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from contactsvc.accounts.audit.model import Event
from tests.conftest import PASSWORD, Client, MakePerson
from tests.support.audited_life import EMAIL, NEW_EMAIL, SECOND, THIRD, Life, Noted
from tests.support.mailbox import Mailbox


async def registered(life: Life) -> list[Noted]:
    await life.act(None, "POST", "/api/auth/register", 201, email=EMAIL, password=PASSWORD)
    return [(Event.USER_CREATED, await life.id(), None, {})]


async def registered_again(life: Life) -> list[Noted]:
    await life.act(None, "POST", "/api/auth/register", 201, email=EMAIL, password=PASSWORD)
    return [(Event.USER_REGISTERED, None, None, {})]


async def kept_out_unconfirmed(life: Life) -> list[Noted]:
    await life.login(403, EMAIL, PASSWORD)
    return [(Event.LOGIN_FAIL, await life.id(), None, {"reason": "email_not_confirmed"})]


async def confirmed(life: Life) -> list[Noted]:
    await life.act(None, "POST", await life.mailbox.link(EMAIL), 200)
    return [(Event.USER_CONFIRMED, await life.id(), None, {"purpose": "confirm_email"})]


async def signed_in(life: Life) -> list[Noted]:
    await life.login(200, EMAIL, PASSWORD)
    grace, (session_id,) = await life.id(), await life.sessions()
    return [(Event.LOGIN_SUCCESS, grace, grace, {"session_id": session_id})]


async def failed_to_sign_in(life: Life) -> list[Noted]:
    await life.login(401, EMAIL, SECOND)
    return [(Event.LOGIN_FAIL, await life.id(), None, {"reason": "invalid_credentials"})]


async def unknown(life: Life) -> list[Noted]:
    await life.login(401, "nobody@example.com", PASSWORD)
    return [(Event.LOGIN_FAIL, None, None, {"reason": "invalid_credentials"})]


async def failed_to_change_the_password(life: Life) -> list[Noted]:
    await life.grace.sign_in()
    body = {"current_password": SECOND, "new_password": THIRD}
    await life.act(life.grace, "PUT", "/api/users/me/password", 401, **body)
    grace = await life.id()
    return [(Event.PASSWORD_CHANGE_FAIL, grace, grace, {})]


async def changed_the_password(life: Life) -> list[Noted]:
    body = {"current_password": PASSWORD, "new_password": SECOND}
    await life.act(life.grace, "PUT", "/api/users/me/password", 204, **body)
    grace = await life.id()
    return [(Event.PASSWORD_CHANGE, grace, grace, {})]


async def asked_for_another_email(life: Life) -> list[Noted]:
    await life.grace.sign_in(SECOND)
    body = {"email": NEW_EMAIL, "password": SECOND}
    await life.act(life.grace, "POST", "/api/users/me/email", 202, **body)
    grace = await life.id()
    return [(Event.USER_UPDATED, grace, grace, {"asked": "email"})]


async def confirmed_another_email(life: Life) -> list[Noted]:
    await life.act(None, "POST", await life.mailbox.link(NEW_EMAIL), 200)
    life.grace.email = NEW_EMAIL
    return [(Event.USER_CONFIRMED, await life.id(), None, {"purpose": "change_email"})]


async def exported_everything(life: Life) -> list[Noted]:
    await life.grace.sign_in(SECOND)
    await life.act(life.grace, "GET", "/api/users/me/export", 200)
    grace = await life.id()
    return [(Event.SENSITIVE_READ, grace, grace, {})]


async def imported_a_file(life: Life) -> list[Noted]:
    await life.grace.sign_in(SECOND)
    what = {"data": b"Name\nAda\n", "headers": {"Content-Type": "text/csv"}}
    await life.send(life.grace, "POST", "/api/contacts/import", 200, **what)
    grace = await life.id()
    return [(Event.CONTACTS_IMPORTED, grace, grace, {"created": 1, "updated": 0})]


async def merged_contacts(life: Life) -> list[Noted]:
    ids = []
    for name in ("Ada", "Bea"):
        added = await life.act(life.grace, "POST", "/api/contacts", 201, first_name=name)
        ids.append((await added.json())["id"])
    body = {"into": ids[0], "from": ids[1:]}
    await life.send(life.grace, "POST", "/api/contacts/merge", 200, json=body)
    grace = await life.id()
    return [(Event.CONTACTS_MERGED, grace, grace, {"operation_id": 2, "deleted": 1})]


async def undid_it(life: Life) -> list[Noted]:
    await life.act(life.grace, "POST", "/api/contacts/operations/2/undo", 200)
    grace = await life.id()
    done = {"operation_id": 2, "restored": 1, "kept": 0}
    return [(Event.OPERATION_UNDONE, grace, grace, done)]


async def exported_contacts(life: Life) -> list[Noted]:
    await life.grace.sign_in(SECOND)
    await life.act(life.grace, "GET", "/api/contacts/export", 200)
    grace = await life.id()
    return [(Event.SENSITIVE_READ, grace, grace, {})]


async def ended_one_session(life: Life) -> list[Noted]:
    await life.grace.sign_in(SECOND)
    grace, session_id = await life.id(), (await life.sessions())[0]
    await life.act(life.grace, "DELETE", f"/api/users/me/sessions/{session_id}", 204)
    return [(Event.TOKEN_REVOKED, grace, grace, {"session_ids": [session_id]})]


async def signed_out_elsewhere(life: Life) -> list[Noted]:
    await life.grace.sign_in(SECOND)
    grace, others = await life.id(), sorted((await life.sessions())[:-1])
    await life.act(life.grace, "POST", "/api/auth/logout", 204, scope="others")
    assert others
    return [(Event.TOKEN_REVOKED, grace, grace, {"session_ids": others})]


async def robbed(life: Life) -> list[Noted]:
    token = first = life.grace.tokens["refresh_token"]
    for _ in range(2):
        body = {"refresh_token": token}
        async with life.client.post("/api/auth/refresh", json=body) as response:
            token = (await response.json())["refresh_token"]
    [session_id] = await life.sessions()
    await life.act(None, "POST", "/api/auth/refresh", 401, refresh_token=first)
    about = {"session_id": session_id, "counter": 0, "expected": 2}
    return [(Event.TOKEN_REUSE, await life.id(), None, about)]


async def made_an_app_password(life: Life) -> list[Noted]:
    path, grace = "/api/users/me/app_passwords", await life.id()
    made = await life.act(life.grace, "POST", path, 201, name="Phone", scope="read")
    await life.mailbox.next(NEW_EMAIL)
    data = {"app_password_id": (await made.json())["id"], "scope": "read"}
    return [(Event.TOKEN_CREATED, grace, grace, data)]


async def revoked_it(life: Life) -> list[Noted]:
    [password_id] = await life.app_passwords()
    grace, path = await life.id(), f"/api/users/me/app_passwords/{password_id}"
    await life.act(life.grace, "DELETE", path, 204)
    return [(Event.TOKEN_REVOKED, grace, grace, {"app_password_ids": [password_id]})]


async def reset_the_password(life: Life) -> list[Noted]:
    body = {"email": NEW_EMAIL}
    async with life.client.post("/api/auth/update_password", json=body) as response:
        assert response.status == 202
    await life.act(None, "POST", await life.mailbox.link(NEW_EMAIL), 200, password=THIRD)
    return [(Event.PASSWORD_CHANGE, await life.id(), None, {"by": "reset"})]


async def promoted(life: Life) -> list[Noted]:
    grace, admin = await life.id(), await life.id(life.admin)
    await life.act(life.admin, "PATCH", f"/api/admin/users/{grace}", 200, role="admin")
    return [(Event.PRIVILEGE_CHANGE, grace, admin, {"role": "admin"})]


async def signed_out_by_an_administrator(life: Life) -> list[Noted]:
    await life.grace.sign_in(THIRD)
    grace, admin, sessions = await life.id(), await life.id(life.admin), await life.sessions()
    assert sessions
    await life.act(life.admin, "POST", f"/api/admin/users/{grace}/logout", 204)
    return [(Event.TOKEN_REVOKED, grace, admin, {"session_ids": sessions})]


async def sent_a_reset(life: Life) -> list[Noted]:
    grace, admin = await life.id(), await life.id(life.admin)
    await life.act(life.admin, "POST", f"/api/admin/users/{grace}/reset", 202)
    return [(Event.USER_UPDATED, grace, admin, {"asked": "reset"})]


async def disabled(life: Life) -> list[Noted]:
    grace, admin = await life.id(), await life.id(life.admin)
    await life.act(life.admin, "PATCH", f"/api/admin/users/{grace}", 200, is_active=False)
    return [(Event.USER_UPDATED, grace, admin, {"is_active": False})]


async def kept_out_disabled(life: Life) -> list[Noted]:
    await life.login(403, NEW_EMAIL, THIRD)
    return [(Event.LOGIN_FAIL, await life.id(), None, {"reason": "account_disabled"})]


async def enabled_and_demoted(life: Life) -> list[Noted]:
    grace, admin = await life.id(), await life.id(life.admin)
    body = {"is_active": True, "role": "user"}
    await life.act(life.admin, "PATCH", f"/api/admin/users/{grace}", 200, **body)
    return [
        (Event.PRIVILEGE_CHANGE, grace, admin, {"role": "user"}),
        (Event.USER_UPDATED, grace, admin, {"is_active": True}),
    ]


async def failed_to_delete(life: Life) -> list[Noted]:
    await life.grace.sign_in(THIRD)
    grace = await life.id()
    await life.act(life.grace, "DELETE", "/api/users/me", 401, password=PASSWORD)
    return [(Event.PASSWORD_CHANGE_FAIL, grace, grace, {})]


async def deleted(life: Life) -> list[Noted]:
    grace = await life.id()
    await life.act(life.grace, "DELETE", "/api/users/me", 204, password=THIRD)
    return [(Event.USER_DELETED, grace, grace, {})]


STEPS: tuple[Callable[[Life], Awaitable[list[Noted]]], ...] = (
    registered,
    kept_out_unconfirmed,
    confirmed,
    registered_again,
    signed_in,
    failed_to_sign_in,
    unknown,
    failed_to_change_the_password,
    changed_the_password,
    asked_for_another_email,
    confirmed_another_email,
    exported_everything,
    imported_a_file,
    merged_contacts,
    undid_it,
    exported_contacts,
    made_an_app_password,
    revoked_it,
    ended_one_session,
    signed_out_elsewhere,
    robbed,
    reset_the_password,
    promoted,
    signed_out_by_an_administrator,
    sent_a_reset,
    disabled,
    kept_out_disabled,
    enabled_and_demoted,
    failed_to_delete,
    deleted,
)


@pytest.fixture
async def life(
    client: Client, make_person: MakePerson, mailbox: Mailbox, pg: asyncpg.Connection
) -> Life:
    admin = await make_person("root@example.com", "Ruth Root")
    await pg.execute("UPDATE users SET role = 'admin'")
    await admin.sign_in()
    return Life(client, admin, mailbox, pg)


async def test_a_whole_life_is_noted(life: Life) -> None:
    seen = set()
    for step in STEPS:
        expected = await step(life)
        assert await life.noted() == expected, step.__name__
        seen |= {event for event, *_ in expected}

    assert seen == set(Event), "every event there is has a step of its own"
