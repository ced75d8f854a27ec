"""The life of an account: its password, and its end."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.conftest import PASSWORD, MakePerson, Person, pointers, problem
from tests.mail.support import ask_in_vain, taken_back
from tests.support.mailbox import Mailbox

NEW = "quite another battery staple"
CHANGE = {"current_password": PASSWORD, "new_password": NEW}


async def refresh_status(tokens: dict[str, Any], person: Person) -> int:
    body = {"refresh_token": tokens["refresh_token"]}
    return (await person.client.post("/api/auth/refresh", json=body)).status


async def test_changing_the_password_ends_the_other_sessions(
    grace: Person, mailbox: Mailbox
) -> None:
    elsewhere = dict(grace.tokens)
    await grace.sign_in()
    here = dict(grace.tokens)

    assert (await grace.put("/api/users/me/password", json=CHANGE)).status == 204

    assert await refresh_status(elsewhere, grace) == 401
    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
    assert await refresh_status(here, grace) == 200, "this session goes on"
    await grace.sign_in(NEW)
    assert "password" in (await mailbox.next(grace.email))["Subject"].lower()


async def test_of_many_changes_at_once_one_counts(grace: Person) -> None:
    people = [grace]
    for _ in range(4):
        person = Person(grace.client, grace.email)
        await person.sign_in()
        people.append(person)
    passwords = [f"{NEW} of session {number}" for number in range(5)]

    responses = await asyncio.gather(
        *(
            person.put("/api/users/me/password", json=CHANGE | {"new_password": password})
            for person, password in zip(people, passwords, strict=True)
        )
    )

    assert sorted(response.status for response in responses) == [204] + [401] * 4
    winner = [response.status for response in responses].index(204)
    assert await refresh_status(people[winner].tokens, grace) == 200
    await grace.sign_in(passwords[winner])


async def test_changing_the_password_needs_the_current_one(
    grace: Person, pg: asyncpg.Connection
) -> None:
    body = CHANGE | {"current_password": "not the password"}

    await problem(await grace.put("/api/users/me/password", json=body), 401, "invalid_credentials")

    await grace.sign_in()
    failed = "SELECT count(*) FROM audit_events WHERE event = 'authn_password_change_fail'"
    assert await pg.fetchval(failed) >= 1


@pytest.mark.parametrize("password", ["short", "password1234", "Grace Hopper!", "contactsvc123"])
async def test_a_weak_new_password_is_refused(grace: Person, password: str) -> None:
    response = await grace.put("/api/users/me/password", json=CHANGE | {"new_password": password})

    assert await pointers(response) == {"/new_password"}
    await grace.sign_in()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/users/me/email", {"email": "admiral@example.com"}),
        ("DELETE", "/api/users/me", {}),
    ],
)
async def test_what_matters_needs_the_password(
    grace: Person, method: str, path: str, body: dict[str, str]
) -> None:
    wrong = await grace.request(method, path, json=body | {"password": "not the password"})
    await problem(wrong, 401, "invalid_credentials")
    assert await pointers(await grace.request(method, path, json=body)) == {"/password"}
    assert (await (await grace.get("/api/users/me")).json())["email"] == grace.email


async def test_a_deleted_account_leaves_nothing(
    make_person: MakePerson, pg: asyncpg.Connection, mailbox: Mailbox
) -> None:
    grace, ada = await make_person(), await make_person("ada@example.com", "Ada")
    await grace.add_contact(first_name="Howard")
    await ada.add_contact(first_name="Charles")
    refresh = dict(grace.tokens)

    assert (await grace.delete("/api/users/me", json={"password": PASSWORD})).status == 204

    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
    assert await refresh_status(refresh, grace) == 401
    body = {"email": grace.email, "password": PASSWORD}
    response = await grace.client.post("/api/auth/login", json=body)
    await problem(response, 401, "invalid_credentials")
    for table in ("users", "contacts", "sessions", "outbox", "one_time_tokens"):
        rows = await pg.fetch(f"SELECT t::text AS row FROM {table} t")
        assert not any("grace" in row["row"] or "Howard" in row["row"] for row in rows), table
    page = await (await ada.get("/api/contacts/")).json()
    assert [contact["first_name"] for contact in page["items"]] == ["Charles"]
    assert (await make_person()).tokens, "the e-mail is free again"


async def test_changing_the_password_takes_back_a_reset_mail_that_still_waits(
    grace: Person, pg: asyncpg.Connection
) -> None:
    theirs = await ask_in_vain(pg, "reset_password", grace.email.upper())
    others = await ask_in_vain(pg, "reset_password", f"x{grace.email}")
    another = await ask_in_vain(pg, "email_change_notice", grace.email)

    assert (await grace.put("/api/users/me/password", json=CHANGE)).status == 204

    assert await taken_back(pg, theirs, others, another) == [True, False, False]
