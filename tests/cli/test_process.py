"""What a person sees of a process that serves."""

from dataclasses import replace

import click
import pytest

from contactsvc import __version__
from contactsvc.cli import process
from contactsvc.platform import sockets
from contactsvc.platform.settings import Settings
from tests.support.ports import free_port

SETTINGS = Settings(secret_key="x" * 32, public_url="https://contacts.example.com")


def welcome(**changes: object) -> dict[str, str]:
    """Return the lines of the welcome between its first and its last, by what each is about."""
    lines = process._welcome(replace(SETTINGS, **changes)).splitlines()  # type: ignore[arg-type]
    assert lines[0] == f"contactsvc {__version__}"
    assert lines[-1] == "  (Press Ctrl-C to quit)"
    return {line[2:14].rstrip(): line[14:] for line in lines[1:-1]}


def test_the_welcome_leads_to_what_there_is() -> None:
    said = welcome()
    assert said["API"] == "https://contacts.example.com/api/"
    assert said["Swagger UI"] == "https://contacts.example.com/api/docs"
    assert said["Mail"] == str(SETTINGS.data_dir / "mail")
    assert said["PostgreSQL"] == str(SETTINGS.data_dir / "postgres")
    assert said["Redis"] == "in this process"


def test_the_welcome_shows_no_password() -> None:
    secret = "hunter2"
    said = welcome(
        database_url=f"postgres://me:{secret}@db.example.com/contacts",
        redis_url=f"redis://:{secret}@redis.example.com",
        smtp_url=f"smtp://me:{secret}@mail.example.com",
    )
    assert said["Mail"] == "as SMTP_URL says"
    assert said["PostgreSQL"] == "as DATABASE_URL says"
    assert said["Redis"] == "as REDIS_URL says"
    assert secret not in str(said)


def test_a_port_that_is_taken_since_it_was_bound_ends_the_start(
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = free_port()
    (mine,) = sockets.bound(["127.0.0.1"], port)
    with mine, pytest.raises(click.ClickException, match=f"PORT: {port} is taken"):
        process._welcome_all(replace(SETTINGS, port=port), [mine])
    assert capsys.readouterr().out == ""


def test_an_address_that_is_not_here_is_told() -> None:
    nowhere = replace(SETTINGS, host=("192.0.2.1",), port=free_port())
    with pytest.raises(click.ClickException, match=r"HOST: 192\.0\.2\.1"):
        process._sockets(nowhere)
