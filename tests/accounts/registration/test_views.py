"""Confirmation of an e-mail, from the mail to the signed-in user."""

import asyncio
import re
from typing import Any

import asyncpg
import pytest
from yarl import URL

from tests.conftest import PASSWORD, Client, MakeClient, Person, pointers, problem
from tests.support.mailbox import Mailbox, link, nothing_pending, text

EMAIL = "grace@example.com"
PROGRAM = {"Accept": "application/json"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def register(client: Client, email: str = EMAIL) -> None:
    body = {"email": email, "password": PASSWORD, "name": "Grace"}
    assert (await client.post("/api/auth/register", json=body)).status == 201


async def login_status(client: Client) -> int:
    body = {"email": EMAIL, "password": PASSWORD}
    return (await client.post("/api/auth/login", json=body)).status


async def confirmations(pg: asyncpg.Connection) -> int:
    count: int = await pg.fetchval(
        "SELECT count(*) FROM audit_events WHERE event = 'user_confirmed' AND user_id = "
        "(SELECT id FROM users WHERE email = $1)",
        EMAIL,
    )
    return count


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_program_confirms_by_the_link(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection, method: str
) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)
    assert await login_status(client) == 403

    for _ in range(2):  # again is friendly, and changes nothing
        response = await client.request(method, path, headers=PROGRAM)
        assert response.status == 200
        assert await response.json() == {"status": "confirmed"}
        assert response.headers["Cache-Control"] == "no-store"

    assert await login_status(client) == 200
    assert await confirmations(pg) == 1


async def test_a_browser_is_asked_before_anything_is_confirmed(
    client: Client, mailbox: Mailbox
) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)

    asked = await client.get(path, headers=BROWSER)
    assert asked.status == 200
    assert asked.content_type == "text/html"
    assert '<form method="post">' in await asked.text()
    assert 'type="password"' in await asked.text()
    assert "default-src 'none'" in asked.headers["Content-Security-Policy"]
    assert asked.headers["Referrer-Policy"] == "no-referrer"
    assert asked.headers["Cache-Control"] == "no-store"
    assert await login_status(client) == 403, "mail scanners follow links too"

    done = await client.post(path, headers=BROWSER, data={"password": PASSWORD})
    assert (done.status, done.content_type) == (200, "text/html")
    assert await login_status(client) == 200
    for again in (client.get(path), client.post(path, data={}, headers=BROWSER)):
        assert "is confirmed" in await (await again).text(), "and no password is asked for"


async def test_only_who_asks_for_json_by_name_confirms_by_get(
    client: Client, mailbox: Mailbox, subtests: pytest.Subtests
) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)
    for accept in (
        "*/*",
        "",
        "text/html, application/json;q=0.9",
        "text/*, */*;q=0.1",
        "application/*",
        "application/json;q=0, */*",
        "application/json; q=0.000, */*",
        "application/jsonp, */*",
    ):
        with subtests.test(accept=accept):
            answer = await client.get(path, headers={"Accept": accept})
            assert (answer.status, answer.content_type) == (200, "text/html")
    bare = await client.get(path, skip_auto_headers=["Accept"])
    assert (bare.status, bare.content_type) == (200, "text/html")
    assert await login_status(client) == 403

    headers = {"Accept": "text/plain;q=0.5, Application/JSON;q=0.001, */*;q=0.1"}
    answer = await client.get(path, headers=headers)
    assert await answer.json() == {"status": "confirmed"}


async def test_a_form_needs_the_password_of_the_registration(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)

    multipart = {"Content-Type": "multipart/form-data; boundary=x"}
    for headers in ({}, multipart):
        response = await client.post(path, data={} if not headers else b"", headers=headers)
        assert await pointers(response) == {"/password"}
    wrong = {"password": "a wrong guess"}
    for call in (client.post(path, data=wrong), client.post(path, json=wrong)):
        await problem(await call, 401, "invalid_credentials")
    forms: list[tuple[dict[str, str], int]] = [({}, 422), (wrong, 401)]
    for form, status in forms:
        page = await client.post(path, data=form, headers=BROWSER)
        assert (page.status, page.content_type) == (status, "text/html")
        assert 'role="alert"' in await page.text()
    assert await login_status(client) == 403
    failed = "SELECT count(*) FROM audit_events WHERE event = 'authn_login_fail' AND user_id = 1"
    assert await pg.fetchval(failed) == 3 + 1, "and the sign-in"

    assert (await client.post(path, data={"password": PASSWORD})).status == 200
    assert await login_status(client) == 200


async def test_who_has_forgotten_the_password_gets_a_link_to_set_one(
    client: Client, mailbox: Mailbox
) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)
    for wrong in (path, f"{path}/"):
        page = await client.post(wrong, data={"password": "a wrong guess"}, headers=BROWSER)
        action = re.search(r'<form method="post" action="([^"]+)"', await page.text())
        assert action is not None
        target = client.make_url(wrong).join(URL(action[1]))
        assert target.path == "/api/auth/update_password"

    sent = await client.post(target.path, data={"email": EMAIL}, headers=BROWSER)

    assert (sent.status, sent.content_type) == (202, "text/html")
    reset = await mailbox.link(EMAIL)
    done = await client.post(reset, data={"password": "quite another one"}, headers=BROWSER)
    assert done.status == 200
    body = {"email": EMAIL, "password": "quite another one"}
    assert (await client.post("/api/auth/login", json=body)).status == 200
    await problem(await client.get(path, headers=PROGRAM), 400, "invalid_token")


async def test_guesses_at_the_password_of_a_link_are_counted(
    make_client: MakeClient, mailbox: Mailbox
) -> None:
    client = await make_client(login_limit_per_address="2/hour")
    await register(client)
    path = await mailbox.link(EMAIL)
    guess = {"password": "a wrong guess"}
    statuses = [(await client.post(path, data=guess)).status for _ in range(3)]
    assert statuses == [401, 401, 429]
    assert (await client.get(path, headers=PROGRAM)).status == 200


async def test_head_confirms_nothing(client: Client, mailbox: Mailbox) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)

    for headers in (PROGRAM, {}):
        assert (await client.head(path, headers=headers)).status == 200
    assert await login_status(client) == 403
    assert (await client.head(path[:-1])).status == 400


async def test_twenty_at_once_confirm_once(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)

    responses = await asyncio.gather(*(client.post(path) for _ in range(20)))

    assert [response.status for response in responses] == [200] * 20
    assert await confirmations(pg) == 1


@pytest.mark.parametrize("token", ["unknown", "x" * 43, "%00", "%ED%A0%80", "é"])
async def test_an_unknown_token_is_refused(client: Client, token: str) -> None:
    for method in ("GET", "POST"):
        response = await client.request(method, f"/api/auth/confirmed_email/{token}")
        await problem(response, 400, "invalid_token")

    page = await client.get("/api/auth/confirmed_email/unknown", headers=BROWSER)
    assert (page.status, page.content_type) == (400, "text/html")


async def test_an_expired_token_is_refused(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)
    await pg.execute("UPDATE registrations SET link_expires_at = now() - interval '1 second'")

    await problem(await client.get(path, headers=PROGRAM), 400, "invalid_token")
    assert await login_status(client) == 403


async def test_a_new_mail_makes_the_old_link_worthless(client: Client, mailbox: Mailbox) -> None:
    await register(client)
    first = await mailbox.link(EMAIL)
    response = await client.post("/api/auth/request_email", json={"email": EMAIL.upper()})
    assert response.status == 202
    assert await response.json() == {"status": "accepted"}
    second = await mailbox.link(EMAIL)

    await problem(await client.get(first), 400, "invalid_token")
    assert (await client.get(second, headers=PROGRAM)).status == 200


async def test_who_is_confirmed_or_unknown_gets_no_mail(
    grace: Person, client: Client, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    for email in (EMAIL, "nobody@example.com"):
        response = await client.post("/api/auth/request_email", json={"email": email})
        assert response.status == 202

    await nothing_pending(pg)
    assert mailbox.all() == []


async def test_the_owner_of_a_taken_e_mail_is_told(grace: Person, mailbox: Mailbox) -> None:
    await register(grace.client, "GRACE@example.com")

    message = await mailbox.next(EMAIL)
    assert "already have an account" in f"{message['Subject']} {text(message)}".lower()
    assert "confirmed_email" not in text(message)


async def test_links_begin_with_public_url_whatever_the_host(
    client: Client, mailbox: Mailbox
) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    body = {"email": EMAIL, "password": PASSWORD}
    assert (await client.post("/api/auth/register", json=body, headers=headers)).status == 201

    message = await mailbox.next(EMAIL)

    assert link(message).startswith("/api/auth/confirmed_email/")
    assert "evil" not in message.as_string()


async def test_bad_bodies_are_refused(client: Client) -> None:
    cases: list[Any] = [{}, {"email": "x"}, {"email": None}, {"email": EMAIL, "role": "admin"}, []]
    for path in ("/api/auth/request_email", "/api/auth/update_password"):
        for body in cases:
            await problem(await client.post(path, json=body), 422, "validation_failed")
