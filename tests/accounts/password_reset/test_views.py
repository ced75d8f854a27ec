"""A forgotten password, from the request to the new one."""

import asyncio

import asyncpg
import pytest

from tests.conftest import PASSWORD, Client, Person, pointers, problem
from tests.mail.support import ask_in_vain, taken_back
from tests.support.mailbox import Mailbox, nothing_pending, text

NEW = "quite another battery staple"
PROGRAM = {"Accept": "application/json"}
BROWSER = {"Accept": "text/html"}


@pytest.fixture
def person(grace: Person) -> Person:
    """Whose account it is."""
    return grace


async def ask(person: Person, mailbox: Mailbox) -> str:
    """Ask for a reset and return the path of the mailed link."""
    body = {"email": person.email}
    response = await person.client.post("/api/auth/update_password", json=body)
    assert response.status == 202
    assert await response.json() == {"status": "accepted"}
    return await mailbox.link(person.email)


async def login_status(person: Person, password: str) -> int:
    body = {"email": person.email, "password": password}
    return (await person.client.post("/api/auth/login", json=body)).status


async def test_a_reset_from_end_to_end(person: Person, mailbox: Mailbox) -> None:
    refresh = {"refresh_token": person.tokens["refresh_token"]}
    path = await ask(person, mailbox)
    valid = await (await person.client.get(path, headers=PROGRAM)).json()
    assert valid["status"] == "valid"
    assert valid["expires_at"].endswith("Z")

    response = await person.client.post(path, json={"password": NEW})

    assert response.status == 200
    assert await response.json() == {"status": "password_updated"}, "it signs nobody in"
    await problem(await person.get("/api/users/me"), 401, "unauthenticated")
    renewed = await person.client.post("/api/auth/refresh", json=refresh)
    await problem(renewed, 401, "unauthenticated")
    assert await login_status(person, PASSWORD) == 401
    assert await login_status(person, NEW) == 200
    notice = await mailbox.next(person.email)
    assert "password" in notice["Subject"].lower()
    assert NEW not in text(notice)
    await problem(await person.client.post(path, json={"password": NEW}), 400, "invalid_token")
    await problem(await person.client.get(path), 400, "invalid_token")


async def test_looking_changes_nothing(person: Person, mailbox: Mailbox) -> None:
    path = await ask(person, mailbox)

    for method in ("GET", "HEAD"):
        assert (await person.client.request(method, path)).status == 200
    for headers in (BROWSER, {"Accept": "*/*"}):
        form = await person.client.get(path, headers=headers)
        assert 'type="password"' in await form.text()
    assert (await person.get("/api/users/me")).status == 200
    assert await login_status(person, PASSWORD) == 200


@pytest.mark.slow
async def test_of_twenty_at_once_one_succeeds(person: Person, mailbox: Mailbox) -> None:
    path = await ask(person, mailbox)
    passwords = [f"{NEW} number {number}" for number in range(20)]

    responses = await asyncio.gather(
        *(person.client.post(path, json={"password": password}) for password in passwords)
    )

    winners = [p for p, r in zip(passwords, responses, strict=True) if r.status == 200]
    assert len(winners) == 1
    assert sorted(r.status for r in responses) == [200] + [400] * 19
    assert await login_status(person, winners[0]) == 200


@pytest.mark.parametrize(
    "password", ["short", "password1234", "aaaaaaaaaaaaaaa", "grace@example.com", "gracehopper20"]
)
async def test_a_weak_password_leaves_the_link_good(
    person: Person, mailbox: Mailbox, password: str
) -> None:
    path = await ask(person, mailbox)

    response = await person.client.post(path, json={"password": password})

    assert await pointers(response) == {"/password"}
    assert (await person.client.post(path, json={"password": NEW})).status == 200


async def test_the_form_says_what_is_wrong(person: Person, mailbox: Mailbox) -> None:
    path = await ask(person, mailbox)

    page = await person.client.post(path, data={"password": "short"}, headers=BROWSER)
    assert page.status == 422
    assert 'role="alert"' in await page.text()
    assert "short" not in (await page.text()).lower().replace("shorter", "")

    page = await person.client.post(path, data={"password": NEW}, headers=BROWSER)
    assert (page.status, page.content_type) == (200, "text/html")
    assert await login_status(person, NEW) == 200
    page = await person.client.post(path, data={"password": NEW}, headers=BROWSER)
    assert (page.status, page.content_type) == (400, "text/html")


async def test_the_form_cuts_nothing_off(person: Person, mailbox: Mailbox) -> None:
    """A browser would cut what is pasted to a maxlength, and say nothing."""
    path = await ask(person, mailbox)

    assert "maxlength" not in await (await person.client.get(path, headers=BROWSER)).text()

    page = await person.client.post(path, data={"password": f"{NEW} " * 8}, headers=BROWSER)
    assert page.status == 422
    assert "200" in await page.text()
    longest = f"{NEW} " * 6 + "x" * 26
    assert len(longest) == 200
    assert (await person.client.post(path, json={"password": longest})).status == 200
    assert await login_status(person, longest[:-1]) == 401
    assert await login_status(person, longest) == 200


async def test_a_new_link_makes_the_old_one_worthless(person: Person, mailbox: Mailbox) -> None:
    first, second = await ask(person, mailbox), await ask(person, mailbox)

    await problem(await person.client.get(first), 400, "invalid_token")
    assert (await person.client.get(second)).status == 200


async def test_a_password_change_kills_resets(person: Person, mailbox: Mailbox) -> None:
    path = await ask(person, mailbox)
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert (await person.put("/api/users/me/password", json=body)).status == 204

    await problem(await person.client.get(path), 400, "invalid_token")


async def test_a_disabled_account_and_a_stranger_get_no_mail(
    person: Person, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    await pg.execute("UPDATE users SET is_active = false")
    for email in (person.email, "nobody@example.com"):
        body = {"email": email}
        assert (await person.client.post("/api/auth/update_password", json=body)).status == 202

    await nothing_pending(pg)
    assert mailbox.all() == []


async def test_a_link_of_one_purpose_is_refused_for_another(
    client: Client, mailbox: Mailbox
) -> None:
    person = Person(client, "grace@example.com")
    body = {"email": person.email, "password": PASSWORD}
    assert (await client.post("/api/auth/register", json=body)).status == 201
    confirm = await mailbox.link(person.email)
    reset = await ask(person, mailbox)
    as_reset = confirm.replace("confirmed_email", "confirm_update_password")
    as_confirm = reset.replace("confirm_update_password", "confirmed_email")

    response = await client.post(as_reset, json={"password": NEW})
    await problem(response, 400, "invalid_token")
    await problem(await client.post(as_confirm), 400, "invalid_token")

    assert (await client.get(confirm, headers=PROGRAM)).status == 200
    assert await login_status(person, PASSWORD) == 200


async def test_a_reset_takes_back_a_thiefs_change_of_e_mail(
    person: Person, mailbox: Mailbox
) -> None:
    body = {"email": "thief@example.com", "password": PASSWORD}
    assert (await person.post("/api/users/me/email", json=body)).status == 202
    theirs = await mailbox.link("thief@example.com")
    await mailbox.next(person.email)  # the notice
    path = await ask(person, mailbox)
    assert (await person.client.post(path, json={"password": NEW})).status == 200

    await problem(await person.client.post(theirs), 400, "invalid_token")
    assert await login_status(person, NEW) == 200


async def test_a_reset_takes_back_a_reset_mail_that_still_waits(
    person: Person, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    """Its link would be good for the account again, in whoever's mailbox it arrives."""
    path = await ask(person, mailbox)
    theirs = await ask_in_vain(pg, "reset_password", person.email.upper())
    others = await ask_in_vain(pg, "reset_password", f"x{person.email}")
    another = await ask_in_vain(pg, "password_changed", person.email)

    assert (await person.client.post(path, json={"password": NEW})).status == 200

    assert await taken_back(pg, theirs, others, another) == [True, False, False]
