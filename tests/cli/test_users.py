"""Commands about accounts and their sessions."""

import asyncio
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.users.schemas import UserAnswer
from contactsvc.platform.database import database
from tests.cli.support import Command, account, add_account, done, events, one_line, rows

pytestmark = pytest.mark.usefixtures("pg")

ADA, GRACE = "ada@example.com", "Grace@example.com"


@pytest.fixture
def people(pg: asyncpg.Connection, postgres_url: str) -> None:
    add_account(postgres_url, ADA, "Ada Lovelace", role="admin", confirmed=True)
    add_account(postgres_url, GRACE, "Grace Hopper", is_active=False)
    add_account(postgres_url, "linus@example.com")


def listed(command: Command, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(done(command("users", "list", "--json", *options)))
    return found


@pytest.mark.usefixtures("people")
def test_list_and_search(command: Command, subtests: pytest.Subtests) -> None:
    for options, expected in [
        ([], [1, 2, 3]),
        (["--role", "admin"], [1]),
        (["--role", "user"], [2, 3]),
        (["--active"], [1, 3]),
        (["--disabled"], [2]),
        (["--confirmed"], [1]),
        (["--unconfirmed"], [2, 3]),
        (["--query", "LOVELACE"], [1]),
        (["--query", "%"], []),
        (["--unconfirmed", "--active", "--query", "example.com"], [3]),
    ]:
        with subtests.test(options=options, expected=expected):
            assert [user["id"] for user in listed(command, *options)] == expected


@pytest.mark.usefixtures("people")
def test_json_has_what_the_api_answers(command: Command) -> None:
    for user in listed(command, "--active"):
        assert set(user) == set(UserAnswer().fields)
        assert UserAnswer().validate(user) == {}
        assert user["created_at"].endswith("Z")


@pytest.mark.usefixtures("people")
def test_confirm(command: Command, postgres_url: str) -> None:
    assert done(command("confirm", "grace@EXAMPLE.com")) == "grace@EXAMPLE.com is confirmed.\n"
    grace = account(postgres_url, GRACE)
    assert (grace["confirmed"], grace["auth_version"]) == (True, 2)
    assert events(postgres_url) == ["user_confirmed"]


def add_registrations(url: str, email: str, *names: str) -> list[int]:
    """Register an e-mail under several names, and return the ids."""

    async def add() -> list[int]:
        async with database(url):
            return [(await registrations.add(email, f"{n}'s hash", n)).id for n in names]

    return asyncio.run(add())


def test_confirm_asks_which_of_several_registrations_is_meant(
    command: Command, postgres_url: str
) -> None:
    first, second = add_registrations(postgres_url, ADA, "Mallory", "Ada Lovelace")

    told = one_line(command("confirm", ADA))
    assert f"{first} (" in told
    assert f"{second} (" in told
    assert account(postgres_url, ADA)["confirmed"] is False
    assert "99" in one_line(command("confirm", ADA, "--registration", "99"))

    done(command("confirm", ADA.upper(), "--registration", str(second)))

    ada = account(postgres_url, ADA)
    assert (ada["name"], ada["confirmed"]) == ("Ada Lovelace", True)
    assert ada["password_hash"] == "Ada Lovelace's hash"
    assert rows(postgres_url, "SELECT * FROM registrations") == []
    assert events(postgres_url) == ["user_deleted", "user_created", "user_confirmed"]


def test_confirm_takes_the_only_registration(command: Command, postgres_url: str) -> None:
    add_registrations(postgres_url, ADA, "Ada Lovelace")
    done(command("confirm", ADA))
    ada = account(postgres_url, ADA)
    assert (ada["id"], ada["name"], ada["confirmed"]) == (1, "Ada Lovelace", True)
    assert rows(postgres_url, "SELECT * FROM registrations") == []


@pytest.mark.usefixtures("people")
def test_disable_ends_sessions_and_enable_lets_in_again(
    command: Command, postgres_url: str
) -> None:
    begin_session(postgres_url, 3)

    assert done(command("disable", "linus@example.com")) == "linus@example.com is disabled.\n"
    linus = account(postgres_url, "linus@example.com")
    assert (linus["is_active"], linus["auth_version"]) == (False, 2)
    assert ended(postgres_url) == [True]

    done(command("enable", "linus@example.com"))
    assert account(postgres_url, "linus@example.com")["is_active"] is True
    assert events(postgres_url) == ["user_updated", "user_updated"]


@pytest.mark.usefixtures("people")
def test_end_sessions(command: Command, postgres_url: str) -> None:
    for user_id in (1, 1, 3):
        begin_session(postgres_url, user_id)
    assert done(command("sessions", "end", ADA)) == f"The sessions of {ADA} have ended.\n"
    assert ended(postgres_url) == [True, True, False]
    assert events(postgres_url) == ["authn_token_revoked"]


@pytest.mark.usefixtures("people")
def test_delete_takes_all_that_was_theirs(
    command: Command, postgres_url: str, tmp_path: Path
) -> None:
    (tmp_path / "avatars").mkdir()
    picture = tmp_path / "avatars" / f"{'a' * 32}.webp"
    picture.touch()
    rows(postgres_url, "UPDATE users SET avatar = $1 WHERE id = 2", f"folder:{picture.name}")
    begin_session(postgres_url, 2)
    begin_session(postgres_url, 3)

    told = done(command("users", "delete", "grace@EXAMPLE.com", "--yes"))

    assert told == "The account grace@EXAMPLE.com is deleted.\n"
    assert [user["id"] for user in listed(command)] == [1, 3]
    assert ended(postgres_url) == [False], "that of somebody else"
    assert not picture.exists()
    assert events(postgres_url) == ["user_deleted"]
    assert "grace@EXAMPLE.com" in one_line(command("users", "delete", "grace@EXAMPLE.com", "--yes"))


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("typed", ["y\n", "yes\n"])
def test_delete_asks_first(command: Command, postgres_url: str, typed: str) -> None:
    result = command("users", "delete", GRACE, stdin=typed)
    assert result.exit_code == 0
    assert GRACE in result.stderr
    assert result.stdout == f"The account {GRACE} is deleted.\n"
    assert [user["id"] for user in listed(command)] == [1, 3]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_delete_does_nothing_unless_it_is_meant(
    command: Command, postgres_url: str, typed: str
) -> None:
    result = command("users", "delete", GRACE, stdin=typed)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert account(postgres_url, GRACE)["version"] == 1


@pytest.mark.usefixtures("people")
def test_the_last_admin_is_not_deleted(command: Command, postgres_url: str) -> None:
    assert "last active administrator" in one_line(command("users", "delete", ADA, "--yes"))
    assert account(postgres_url, ADA)["role"] == "admin"
    assert events(postgres_url) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("confirm", "nobody@example.com"),
        ("disable", "nobody@example.com"),
        ("enable", "nobody@example.com"),
        ("set-role", "nobody@example.com", "admin"),
        ("sessions", "end", "nobody@example.com"),
        ("users", "delete", "nobody@example.com", "--yes"),
    ],
    ids=" ".join,
)
def test_an_account_that_is_not_there_is_named(
    command: Command, arguments: tuple[str, ...]
) -> None:
    assert "nobody@example.com" in one_line(command(*arguments))


def begin_session(url: str, user_id: int) -> None:
    rows(
        url,
        """
        INSERT INTO sessions (user_id, counter, user_agent, ip, created_at, last_used_at,
                              expires_at)
        VALUES ($1, 1, '', '', now(), now(), now() + interval '1 day')
        """,
        user_id,
    )


def ended(url: str) -> list[bool]:
    found = rows(url, "SELECT revoked_at IS NOT NULL AS ended FROM sessions ORDER BY id")
    return [row["ended"] for row in found]
