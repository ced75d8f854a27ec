"""The attack matrix: headers, e-mails and passwords that are not what they seem."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from passlib.context import CryptContext

from tests.conftest import PASSWORD, Client, MakePerson, Person, pointers
from tests.support.links import reset_link
from tests.support.mailbox import Mailbox, nothing_pending


@pytest.fixture
def owner(grace: Person) -> Person:
    """Whose account it is."""
    return grace


HOSTS = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Prefix": "/evil",
    "X-Original-URL": "https://evil.example/",
    "Forwarded": "host=evil.example;proto=gopher",
    "Origin": "https://evil.example",
    "Referer": "https://evil.example/",
}


async def test_no_header_gets_into_a_mailed_link(
    make_person: MakePerson, client: Client, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    grace = await make_person()
    bob = {"email": "bob@example.com", "password": PASSWORD}
    for path, body in [
        ("/api/auth/register", bob),
        ("/api/auth/request_email", {"email": "bob@example.com"}),
        ("/api/auth/update_password", {"email": grace.email}),
        ("/api/users/me/email", {"email": "new@example.com", "password": PASSWORD}),
    ]:
        assert (await grace.post(path, json=body, headers=HOSTS)).status in (201, 202)
    await nothing_pending(pg)

    mails = mailbox.all()
    assert len(mails) == 5
    assert sum("/api/auth/" in str(mail.get_body(("plain",))) for mail in mails) >= 4
    for mail in mails:
        assert "evil" not in mail.as_string()
        assert "gopher" not in mail.as_string()


LOOKALIKES = [
    "\u212aevin.s@example.com",  # the Kelvin sign, whose small letter is k
    "kevin.\u017f@example.com",  # the long s, whose capital letter is S
    "kev\u0131n.s@example.com",  # the dotless i, whose capital letter is I
    "k\u0435vin.s@example.com",  # a Cyrillic letter that looks like e
    "\uff4bevin.s@example.com",  # a full-width k
    "kevins@example.com",
    "kevin.s@ex\u00e4mple.com",
]


async def test_a_link_never_goes_to_an_address_that_only_looks_like_the_owners(
    make_person: MakePerson, client: Client, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    """What is typed finds the account; the mail goes where the account says."""
    kevin = await make_person("kevin.s@example.com", "Kevin")
    for email in LOOKALIKES:
        for path in ("update_password", "request_email"):
            response = await client.post(f"/api/auth/{path}", json={"email": email})
            assert response.status in (202, 422)
    await nothing_pending(pg)

    assert {str(mail["To"]) for mail in mailbox.all()} == {kevin.email}


async def login_status(client: Client, email: str) -> int:
    body = {"email": email, "password": PASSWORD}
    return (await client.post("/api/auth/login", json=body)).status


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ada.Lovelace@Example.COM", "ada.lovelace@example.com"),
        ("ada@bücher.example", "ADA@BÜCHER.example"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@büchér.example", "ada@bu\u0308che\u0301r.example"),
    ],
)
async def test_two_spellings_of_an_e_mail_are_one_account(
    client: Client, pg: asyncpg.Connection, first: str, second: str
) -> None:
    for email in (first, second):
        body = {"email": email, "password": PASSWORD}
        assert (await client.post("/api/auth/register", json=body)).status == 201

    assert await pg.fetchval("SELECT count(*) FROM users") == 1
    await pg.execute("UPDATE users SET confirmed = true")
    for email in (first, second):
        assert await login_status(client, email) == 200


async def test_what_is_no_e_mail_or_too_long_gets_no_mail(
    owner: Person, pg: asyncpg.Connection, subtests: pytest.Subtests
) -> None:
    for email in [
        f"{'x' * 64}@{'y' * 60}.{'y' * 60}.{'y' * 60}.example.com",
        "x" * 250 + "@y.de",
        "a@b@example.com",
        "victim@example.com\n@evil.example",
        "victim@example.com,thief@evil.example",
        "<victim@example.com>",
        "victim@example.com\r\nBcc: thief@evil.example",
        "victim@[127.0.0.1]",
        "a..b@example.com",
    ]:
        with subtests.test(email=email):
            before = await pg.fetchval("SELECT count(*) FROM outbox")
            for path, more in [
                ("/api/auth/register", {"password": PASSWORD}),
                ("/api/auth/request_email", {}),
                ("/api/auth/update_password", {}),
                ("/api/users/me/email", {"password": PASSWORD}),
            ]:
                response = await owner.post(path, json={"email": email} | more)
                assert await pointers(response) == {"/email"}, path
            assert await pg.fetchval("SELECT count(*) FROM outbox") == before


@pytest.fixture
def hashing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every time that a password is hashed or verified, noted by what was done."""
    done: list[str] = []

    def noting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def note(*args: Any, **kwargs: Any) -> Any:
            done.append(name)
            return real(*args, **kwargs)

        return note

    for name in ("hash", "verify"):
        monkeypatch.setattr(CryptContext, name, noting(name, getattr(CryptContext, name)))
    return done


async def test_an_impossible_password_is_refused_before_anything_is_hashed(
    owner: Person, mailbox: Mailbox, hashing: list[str], subtests: pytest.Subtests
) -> None:
    for password in [f"{PASSWORD}\0", "\0", "x" * 10_000, "é" * 201]:
        with subtests.test(password=password):
            path = await reset_link(owner, mailbox)
            both = {"current_password": password, "new_password": password}
            calls: list[tuple[str, str, dict[str, Any]]] = [
                ("POST", "/api/auth/register", {"email": "new@example.com", "password": password}),
                ("POST", "/api/auth/login", {"email": owner.email, "password": password}),
                ("POST", path, {"password": password}),
                ("PUT", "/api/users/me/password", both),
                ("POST", "/api/users/me/email", {"email": "new@example.com", "password": password}),
                ("DELETE", "/api/users/me", {"password": password}),
            ]
            hashing.clear()

            for method, url, body in calls:
                for pointer in await pointers(await owner.request(method, url, json=body)):
                    assert pointer.endswith("password")
            form = {"username": owner.email, "password": password}
            assert await pointers(await owner.client.post("/api/auth/login", data=form)) == {
                "/password"
            }

            assert hashing == []
            await owner.sign_in()
            assert hashing == ["verify"], "this is how it would have been noticed"
