"""Contacts go in and out by the command as they do by HTTP, and scripts are told how it went."""

import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from io import StringIO
from pathlib import Path

import orjson
import pytest

from contactsvc.cli.transfer import _Bar
from contactsvc.contacts.transfer.exports.service import Export
from contactsvc.platform.errors import Unavailable
from tests.cli.support import Command, add_account, done, one_line, rows

pytestmark = pytest.mark.usefixtures("pg")

EMAIL = "ada@example.com"
CSV = "First name,E-mail,Handy\r\nAda,ada@example.com,020 7946 0958\r\nBob,,\r\n"
CARDS = "BEGIN:VCARD\r\nFN:Ada\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:\r\nEND:VCARD\r\n"
COUNT = "SELECT count(*) FROM contacts"


@pytest.fixture
def file(postgres_url: str, tmp_path: Path) -> Path:
    add_account(postgres_url, EMAIL)
    path = tmp_path / "contacts.csv"
    path.write_text(CSV)
    return path


def test_a_file_is_imported(command: Command, postgres_url: str, file: Path) -> None:
    how = ("--region", "GB", "--tag", "old", "--map", "Handy:phones.mobile")
    printed = done(command("import", str(file), "--user", EMAIL, *how))
    assert printed == "2 contacts: 2 created, 0 updated, 0 skipped, 0 failed.\n"
    (ada, _) = rows(postgres_url, "SELECT * FROM contacts ORDER BY id")
    assert (ada["phone"], ada["tags"]) == ("+442079460958", ["old"])
    assert orjson.loads(ada["details"])["phones"][0]["type"] == "mobile"
    event = "SELECT event, actor_id FROM audit_events ORDER BY id DESC LIMIT 1"
    assert rows(postgres_url, event) == [{"event": "contacts_imported", "actor_id": None}]


def test_a_dry_run_names_the_columns_and_changes_nothing(
    command: Command, postgres_url: str, file: Path
) -> None:
    printed = done(command("import", str(file), "--user", EMAIL, "--dry-run")).splitlines()
    assert printed[:2] == ["First name: first_name", "E-mail: emails"]
    assert printed[-1] == "Nothing was changed."
    assert rows(postgres_url, COUNT) == [{"count": 0}]


def test_a_pipe_may_bring_it_and_scripts_get_json(
    command: Command, postgres_url: str, file: Path
) -> None:
    printed = done(command("import", "-", "--user", EMAIL, "--json", stdin=CSV))
    assert orjson.loads(printed)["created"] == 2
    assert rows(postgres_url, COUNT) == [{"count": 2}]


def test_what_is_not_read_is_told_by_the_exit_status(command: Command, file: Path) -> None:
    file.write_text(CARDS)
    result = command("import", str(file), "--user", EMAIL)
    assert result.exit_code == 3
    assert "1 created" in result.stdout
    assert result.stderr.startswith("Error in line 4: ")


def test_what_does_not_fit_is_refused(command: Command, file: Path) -> None:
    for how in (("--region", "XX"), ("--tag", "x" * 51)):
        assert command("import", str(file), "--user", EMAIL, *how).exit_code == 2
    assert "map" in one_line(command("import", str(file), "--user", EMAIL, "--map", "x"))
    file.write_text("PK\x03\x04")
    assert "ZIP" in one_line(command("import", str(file), "--user", EMAIL))
    one_line(command("import", str(file), "--user", "nobody@example.com"))


@pytest.mark.parametrize(
    ("how", "begin"),
    [
        ((), b"BEGIN:VCARD\r\nVERSION:4.0\r\n"),
        (("--version", "3.0"), b"BEGIN:VCARD\r\nVERSION:3.0\r\n"),
        (("--format", "csv"), b"\xef\xbb\xbf"),
        (("--format", "json"), b'{"id":'),
    ],
)
def test_contacts_are_exported(
    command: Command, file: Path, how: tuple[str, ...], begin: bytes
) -> None:
    done(command("import", str(file), "--user", EMAIL))
    result = command("export", "--user", EMAIL, *how)
    assert (result.exit_code, result.stderr) == (0, f"2 contacts of {EMAIL} are exported.\n")
    assert result.stdout_bytes.startswith(begin)
    output = file.with_name("out")
    assert command("export", "--user", EMAIL, *how, "--output", str(output)).exit_code == 0
    assert output.read_bytes() == result.stdout_bytes


def test_a_file_that_is_not_whole_is_not_there(command: Command, file: Path) -> None:
    output = file.with_name("out")
    one_line(command("export", "--user", "nobody@example.com", "--output", str(output)))
    assert not output.exists()


def test_what_breaks_off_leaves_the_file_that_was_there(
    command: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken_off(*_: object) -> AsyncIterator[bytes]:
        yield b"BEGIN:VCARD"
        raise Unavailable("PostgreSQL is away.")

    output = file.with_name("out")
    output.write_text("all of them")
    there = sorted(file.parent.iterdir())
    monkeypatch.setattr(Export, "pieces", broken_off)
    one_line(command("export", "--user", EMAIL, "--output", str(output)))
    assert output.read_text() == "all of them"
    assert sorted(file.parent.iterdir()) == there


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [Terminal(), StringIO()], ids=["terminal", "file"])
def test_a_terminal_shows_how_far_it_is(stream: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading takes longer than writing, and how much there is only its end tells."""
    monkeypatch.setattr(sys, "stderr", stream)
    with _Bar("Importing") as progress:
        progress(250, 0)
        progress(500, 0)
        assert stream.getvalue().endswith("\r500 contacts are read" if stream.isatty() else "")
        progress(500, 500)
    shown = stream.getvalue()
    assert ("Importing" in shown and "100%" in shown) if stream.isatty() else not shown


def test_an_error_has_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with suppress(Unavailable), _Bar("Importing") as progress:
        progress(250, 0)
        raise Unavailable
    assert stream.getvalue() == "\r250 contacts are read\n"
