"""Commands about app passwords."""

from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.accounts.app_passwords.schemas import AppPasswordAnswer
from contactsvc.accounts.app_passwords.secret import digest_of
from tests.cli.support import Command, add_account, done, events, one_line, rows

GRACE = "grace@example.com"


@pytest.fixture(autouse=True)
def account(pg: asyncpg.Connection, postgres_url: str) -> None:
    add_account(postgres_url, GRACE, "Grace Hopper", confirmed=True)


def listed(command: Command) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(
        done(command("app-passwords", "list", GRACE, "--json"))
    )
    return found


def create(command: Command, *arguments: str) -> str:
    return done(command("app-passwords", "create", GRACE, *arguments)).strip()


def test_the_password_is_printed_and_kept_nowhere(command: Command, postgres_url: str) -> None:
    password = create(command, "Phone", "--scope", "read", "--expires-at", "2999-01-31T12:00:00Z")

    [row] = rows(postgres_url, "SELECT * FROM app_passwords")
    assert row["digest"] == digest_of(password)
    assert password not in str(row)
    [item] = listed(command)
    assert AppPasswordAnswer().validate(item) == {}
    assert (item["name"], item["scope"], item["expires_at"]) == (
        *("Phone", "read"),
        "2999-01-31T12:00:00Z",
    )
    assert events(postgres_url) == ["authn_token_created"]
    assert [row["kind"] for row in rows(postgres_url, "SELECT kind FROM outbox")] == [
        "app_password_created"
    ]


def test_a_table_for_people(command: Command) -> None:
    create(command, "Phone")

    head, line = done(command("app-passwords", "list", GRACE)).splitlines()
    assert head.split() == ["ID", "NAME", "SCOPE", "CREATED_AT", "LAST_USED_AT", "EXPIRES_AT"]
    assert line.split()[1:3] == ["Phone", "write"]


def test_revoke(command: Command, postgres_url: str) -> None:
    for name in ("Phone", "Laptop"):
        create(command, name)
    laptop, phone = listed(command)

    printed = done(command("app-passwords", "revoke", GRACE, str(phone["id"])))

    assert printed == f"The app password {phone['id']} of {GRACE} has ended.\n"
    assert listed(command) == [laptop]
    assert events(postgres_url)[-1] == "authn_token_revoked"
    assert str(phone["id"]) in one_line(command("app-passwords", "revoke", GRACE, str(phone["id"])))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", GRACE, ""), "name"),
        (("create", GRACE, "x", "--expires-at", "tomorrow"), "expires_at"),
        (("create", GRACE, "x", "--expires-at", "2001-01-01T00:00:00Z"), "expires_at"),
        (("create", "nobody@example.com", "x"), "nobody@example.com"),
        (("list", "nobody@example.com"), "nobody@example.com"),
        (("revoke", "nobody@example.com", "1"), "nobody@example.com"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    command: Command, arguments: tuple[str, ...], words: str
) -> None:
    assert words in one_line(command("app-passwords", *arguments))
