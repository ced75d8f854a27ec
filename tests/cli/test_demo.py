"""The command that makes the demo account."""

from pathlib import Path

import pytest

from contactsvc.contacts.demo import DEMO_EMAIL
from tests.cli.support import Command, account, done, one_line, rows

pytestmark = pytest.mark.usefixtures("pg")


@pytest.mark.slow
def test_an_account_with_contacts_and_a_password_of_its_own(
    command: Command, postgres_url: str
) -> None:
    said, told = done(command("seed-demo", PASSWORD_MIN_LENGTH="40")).splitlines()

    assert said == f"{DEMO_EMAIL} has 200 contacts."
    assert len(told.split(": ")[1]) >= 40
    demo = account(postgres_url, DEMO_EMAIL)
    assert (demo["role"], demo["confirmed"]) == ("user", True)
    query = "SELECT count(*) FROM contacts WHERE owner_id = $1"
    assert rows(postgres_url, query, demo["id"]) == [{"count": 200}]


@pytest.mark.slow
def test_the_second_time_changes_nothing(command: Command, postgres_url: str) -> None:
    done(command("seed-demo"))
    before = account(postgres_url, DEMO_EMAIL)

    assert DEMO_EMAIL in one_line(command("seed-demo"))

    assert account(postgres_url, DEMO_EMAIL) == before
    assert rows(postgres_url, "SELECT count(*) FROM contacts") == [{"count": 200}]


def test_the_password_out_of_a_file_is_not_printed(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("correct horse battery staple\n")
    printed = done(command("seed-demo", "--password-file", str(file)))
    assert printed == f"{DEMO_EMAIL} has 200 contacts.\n"


def test_a_bad_password_makes_no_account(
    command: Command, postgres_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text("\n")
    assert "password" in one_line(command("seed-demo", "--password-file", str(file)))
    assert rows(postgres_url, "SELECT * FROM users") == []
