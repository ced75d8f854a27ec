"""Commands about who administers."""

from pathlib import Path

import pytest

from tests.cli.support import Command, account, add_account, done, events, one_line, rows

pytestmark = pytest.mark.usefixtures("pg")

ADA = "ada@example.com"
PASSWORD = "correct horse battery staple"


def test_the_first_admin(command: Command, postgres_url: str) -> None:
    made = command("create-admin", ADA, "--name", "Ada Lovelace", stdin=f"{PASSWORD}\n")

    assert done(made) == f"{ADA} is an administrator.\n"
    ada = account(postgres_url, ADA)
    assert (ada["role"], ada["confirmed"], ada["is_active"]) == ("admin", True, True)
    assert ada["name"] == "Ada Lovelace"
    assert ada["password_hash"].startswith("$argon2id$")
    assert events(postgres_url) == ["user_created", "authz_change"]
    assert rows(postgres_url, "SELECT * FROM outbox") == []


@pytest.mark.parametrize(
    ("arguments", "password", "named"),
    [
        ((ADA,), "", "password"),
        ((ADA,), "short", "12 characters"),
        ((ADA, "--name", "Lovelace"), "Lovelace-lovelace", "name or e-mail"),
        (("no e-mail",), PASSWORD, "email"),
        ((ADA, "--name", "x" * 101), PASSWORD, "name"),
    ],
    ids=["nothing", "short", "the name", "no e-mail", "long name"],
)
def test_an_admin_that_does_not_fit_is_refused(
    command: Command, postgres_url: str, arguments: tuple[str, ...], password: str, named: str
) -> None:
    assert named in one_line(command("create-admin", *arguments, stdin=password))
    assert rows(postgres_url, "SELECT * FROM users") == []


def test_an_account_that_exists_is_left_alone(command: Command, postgres_url: str) -> None:
    add_account(postgres_url, ADA, confirmed=True)

    told = one_line(command("create-admin", ADA.upper(), stdin=f"{PASSWORD}\n"))

    assert "contactsvc set-role" in told
    ada = account(postgres_url, ADA)
    assert (ada["role"], ada["version"], ada["password_hash"]) == ("user", 1, "a hash")


def test_what_a_stranger_registered_is_in_nobodys_way(command: Command, postgres_url: str) -> None:
    """Nobody has confirmed or used it, so it would only tempt one into promoting a stranger."""
    add_account(postgres_url, ADA, "Mallory")

    done(command("create-admin", ADA, "--name", "Ada Lovelace", stdin=f"{PASSWORD}\n"))

    ada = account(postgres_url, ADA)
    assert (ada["name"], ada["role"], ada["confirmed"]) == ("Ada Lovelace", "admin", True)
    assert ada["password_hash"] != "a hash"


def test_the_password_out_of_a_file(command: Command, postgres_url: str, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\nnot this\n")
    done(command("create-admin", ADA, "--password-file", str(file), stdin="nor this\n"))
    assert account(postgres_url, ADA)["role"] == "admin"


def test_promote_and_demote(command: Command, postgres_url: str) -> None:
    add_account(postgres_url, "root@example.com", role="admin")
    add_account(postgres_url, ADA)

    assert done(command("set-role", ADA.upper(), "admin")) == f"{ADA.upper()} has the role admin.\n"
    ada = account(postgres_url, ADA)
    assert (ada["role"], ada["auth_version"]) == ("admin", 2)
    done(command("set-role", ADA, "user"))
    assert account(postgres_url, ADA)["role"] == "user"
    assert events(postgres_url) == ["authz_change", "authz_change"]


def test_a_role_that_one_has_changes_nothing(command: Command, postgres_url: str) -> None:
    add_account(postgres_url, ADA)
    done(command("set-role", ADA, "user"))
    assert account(postgres_url, ADA)["version"] == 1
    assert events(postgres_url) == []


def test_the_last_admin_stays(command: Command, postgres_url: str) -> None:
    add_account(postgres_url, ADA, role="admin")
    for arguments in (("set-role", ADA, "user"), ("disable", ADA)):
        assert "last active administrator" in one_line(command(*arguments))
    ada = account(postgres_url, ADA)
    assert (ada["role"], ada["is_active"], ada["version"]) == ("admin", True, 1)
    assert events(postgres_url) == []
