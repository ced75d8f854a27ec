"""Several people register one e-mail: whoever confirms it has it, and nobody else has any of it."""

import asyncpg
import pytest

from tests.conftest import Client, MakeClient, Person, problem
from tests.support.links import ask_for_email
from tests.support.mailbox import Mailbox, link, nothing_pending

EMAIL = "victim@example.com"
STRANGERS, OWNERS = "the stranger's own one", "the owner's own battery"
GATEWAY = {"Accept": "*/*", "User-Agent": "a mail gateway that fetches links"}
PROGRAM = {"Accept": "application/json"}
BROWSER = {"Accept": "text/html,*/*;q=0.8"}


async def register(client: Client, password: str, email: str = EMAIL, name: str = "") -> None:
    body = {"email": email, "password": password, "name": name}
    assert (await client.post("/api/auth/register", json=body)).status == 201


async def login(client: Client, password: str, email: str = EMAIL) -> int:
    body = {"email": email, "password": password}
    return (await client.post("/api/auth/login", json=body)).status


async def signed_in(client: Client, password: str, email: str = EMAIL) -> Person:
    person = Person(client, email)
    await person.sign_in(password)
    return person


async def clean(pg: asyncpg.Connection) -> None:
    await pg.execute("DELETE FROM users; DELETE FROM registrations")


@pytest.mark.parametrize("required", [True, False])
async def test_each_link_confirms_its_own_registration(
    make_client: MakeClient,
    mailbox: Mailbox,
    pg: asyncpg.Connection,
    subtests: pytest.Subtests,
    required: bool,
) -> None:
    client = await make_client(require_confirmed_email=required)
    for order in ((STRANGERS, OWNERS), (OWNERS, STRANGERS), (STRANGERS, OWNERS, STRANGERS)):
        with subtests.test(order=order):
            links: dict[str, str] = {}
            for password in order:
                await register(client, password, name=password)
                links[password] = await mailbox.link(EMAIL)
            for path in links.values():
                assert (await client.get(path, headers=GATEWAY)).status == 200
            if required:
                assert await login(client, OWNERS) != 200, "the gateway has confirmed nothing"
            wrong = {"password": STRANGERS}
            page = await client.post(links[OWNERS], data=wrong, headers=BROWSER)
            assert page.status == 401

            page = await client.post(links[OWNERS], data={"password": OWNERS}, headers=BROWSER)

            assert page.status == 200, await page.text()
            assert await login(client, STRANGERS) == 401
            owner = await signed_in(client, OWNERS)
            me = await (await owner.get("/api/users/me")).json()
            assert (me["email"], me["name"], me["confirmed"]) == (EMAIL, OWNERS, True)
            late = await client.post(links[STRANGERS], json={"password": STRANGERS})
            await problem(late, 400, "invalid_token")
            again = await client.get(links[OWNERS], headers=PROGRAM)
            assert await again.json() == {"status": "confirmed"}
            assert await login(client, OWNERS) == 200
            assert await pg.fetchval("SELECT count(*) FROM registrations") == 0
        await clean(pg)


async def test_confirming_puts_out_who_was_let_in_without(
    make_client: MakeClient, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    """Nothing that a stranger left in the account stays: no session, contact or link."""
    client = await make_client(require_confirmed_email=False)
    await register(client, STRANGERS)
    await mailbox.link(EMAIL)
    stranger = await signed_in(client, STRANGERS)
    await stranger.add_contact(first_name="Your bank", phone="+44 20 7946 0958")
    body = {"email": "stranger@example.com", "password": STRANGERS}
    assert (await stranger.post("/api/users/me/email", json=body)).status == 202
    theirs = await mailbox.link("stranger@example.com")
    await mailbox.next(EMAIL)  # the notice
    assert (await stranger.get("/api/users/me")).status == 200  # now cached
    await register(client, OWNERS)
    assert await login(client, OWNERS) == 403, "the account is the stranger's as yet"

    path = await mailbox.link(EMAIL)
    assert (await client.get(path, headers=PROGRAM)).status == 200

    await problem(await stranger.get("/api/users/me"), 401, "unauthenticated")
    refresh = {"refresh_token": stranger.tokens["refresh_token"]}
    renewed = await client.post("/api/auth/refresh", json=refresh)
    await problem(renewed, 401, "unauthenticated")
    assert await login(client, STRANGERS) == 401
    await problem(await client.get(theirs, headers=PROGRAM), 400, "invalid_token")
    owner = await signed_in(client, OWNERS)
    assert (await (await owner.get("/api/contacts/")).json())["items"] == []
    events = await pg.fetch("SELECT event FROM audit_events WHERE event LIKE 'user_%' ORDER BY id")
    told = [row["event"] for row in events][-3:]
    assert told == ["user_deleted", "user_created", "user_confirmed"]


async def test_confirming_ones_own_registration_keeps_what_one_has(
    make_client: MakeClient, mailbox: Mailbox
) -> None:
    client = await make_client(require_confirmed_email=False)
    await register(client, OWNERS)
    path = await mailbox.link(EMAIL)
    owner = await signed_in(client, OWNERS)
    await owner.add_contact(first_name="Ada")
    change = {"current_password": OWNERS, "new_password": f"{OWNERS}, changed"}
    assert (await owner.put("/api/users/me/password", json=change)).status == 204
    await register(client, STRANGERS)
    assert await login(client, OWNERS) == 401, "and the old password is none any more"
    assert await login(client, f"{OWNERS}, changed") == 200, "whatever strangers register"

    form = {"password": f"{OWNERS}, changed"}
    assert (await client.post(path, data=form)).status == 200

    owner = await signed_in(client, f"{OWNERS}, changed")
    [ada] = (await (await owner.get("/api/contacts/")).json())["items"]
    assert ada["first_name"] == "Ada"
    assert await login(client, STRANGERS) == 401


async def test_a_reset_proves_the_mailbox_of_an_unconfirmed_account(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection, subtests: pytest.Subtests
) -> None:
    for others, name in (((), "the first"), ((OWNERS,), "")):
        with subtests.test(others=others):
            await register(client, STRANGERS, name="the first")
            links = [await mailbox.link(EMAIL)]
            for password in others:
                await register(client, password, name="the second")
                links.append(await mailbox.link(EMAIL))
            body = {"email": EMAIL}
            assert (await client.post("/api/auth/update_password", json=body)).status == 202
            reset = await mailbox.link(EMAIL)
            new = {"password": "quite another battery"}

            assert (await client.post(reset, json=new)).status == 200

            owner = await signed_in(client, new["password"])
            me = await (await owner.get("/api/users/me")).json()
            assert (me["confirmed"], me["name"]) == (True, name), "nobody else's name"
            for password in (STRANGERS, *others):
                assert await login(client, password) == 401
            for path in links:
                await problem(await client.get(path, headers=PROGRAM), 400, "invalid_token")
            confirmed = "SELECT data->>'purpose' FROM audit_events WHERE event = 'user_confirmed'"
            assert await pg.fetchval(f"{confirmed} ORDER BY id DESC LIMIT 1") == "reset_password"
            await mailbox.next(EMAIL)  # that the password was changed
        await clean(pg)


async def test_a_strangers_registration_does_not_keep_an_e_mail_from_its_owner(
    client: Client, grace: Person, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    """Who moves to an e-mail proves it as well as who registers with it."""
    await register(client, STRANGERS)
    theirs = await mailbox.link(EMAIL)

    await ask_for_email(grace, EMAIL)
    path = await mailbox.link(EMAIL)
    assert (await client.get(path, headers=PROGRAM)).status == 200

    grace.email = EMAIL
    await grace.sign_in()
    await problem(await client.get(theirs, headers=PROGRAM), 400, "invalid_token")
    assert await login(client, STRANGERS) == 401
    assert await pg.fetchval("SELECT array_agg(email) FROM users") == [EMAIL]


async def test_a_disabled_account_does_not_come_back_by_registering_again(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    await register(client, STRANGERS)
    first = await mailbox.link(EMAIL)
    await register(client, OWNERS)
    second = await mailbox.link(EMAIL)
    await pg.execute("UPDATE users SET is_active = false")
    before = len(mailbox.all())

    await register(client, OWNERS)
    await client.post("/api/auth/request_email", json={"email": EMAIL})
    await nothing_pending(pg)

    assert len(mailbox.all()) == before, "and no other link is mailed"
    for path in (first, second):
        await problem(await client.get(path, headers=PROGRAM), 400, "invalid_token")
    assert await pg.fetchval("SELECT bool_or(confirmed) FROM users") is False


async def test_a_taken_e_mail_gets_no_link_whatever_is_asked_for(
    client: Client, grace: Person, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    await register(client, STRANGERS, grace.email)
    await client.post("/api/auth/request_email", json={"email": grace.email})
    await nothing_pending(pg)

    for mail in mailbox.all()[1:]:
        assert "confirmed_email" not in mail.as_string()
    row = await pg.fetchrow("SELECT digest, user_id FROM registrations")
    assert tuple(row) == (None, None), "there is nothing that could confirm it"


async def test_links_of_the_release_before_work(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    """It kept no registrations: links belonged to accounts, and mail was asked for by address."""
    await register(client, OWNERS)
    await mailbox.link(EMAIL)
    await pg.execute("DELETE FROM registrations")
    assert await login(client, OWNERS) == 403
    await client.post("/api/auth/request_email", json={"email": EMAIL})
    path = await mailbox.link(EMAIL)
    assert await pg.fetchval("SELECT count(*) FROM one_time_tokens") == 1
    await register(client, STRANGERS)
    await mailbox.link(EMAIL)

    assert (await client.get(path, headers=GATEWAY)).status == 200
    wrong = await client.post(path, data={"password": STRANGERS})
    await problem(wrong, 401, "invalid_credentials")
    assert (await client.post(path, data={"password": OWNERS})).status == 200

    assert [await login(client, each) for each in (OWNERS, STRANGERS)] == [200, 401]
    assert link(mailbox.all()[-1]), "the stranger had a link, too"


async def test_what_fails_on_the_way_confirms_nothing(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    """All of it is one transaction: the stranger's account is not gone without the owner's."""
    await register(client, STRANGERS)
    await mailbox.link(EMAIL)
    await register(client, OWNERS)
    path = await mailbox.link(EMAIL)
    before = await pg.fetch("SELECT * FROM users")
    await pg.execute("ALTER TABLE one_time_tokens RENAME TO away")
    try:
        assert (await client.get(path, headers=PROGRAM)).status >= 500
    finally:
        await pg.execute("ALTER TABLE away RENAME TO one_time_tokens")
    assert await pg.fetch("SELECT * FROM users") == before

    assert (await client.get(path, headers=PROGRAM)).status == 200
    assert await login(client, OWNERS) == 200
