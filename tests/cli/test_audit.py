"""The command that reads the audit log."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.accounts.administration.schemas import AuditEventAnswer
from tests.cli.support import Command, add_account, done, one_line, rows

pytestmark = pytest.mark.usefixtures("pg")

ADA = "ada@example.com"
BEGIN = datetime(2026, 1, 31, 12, tzinfo=UTC)
EVENTS = [
    # event, who did it, to whom
    ("user_created", None, 1),
    ("authn_login_success", 1, 1),
    ("authz_change", 1, 2),
    ("user_deleted", 1, 2),
]


@pytest.fixture
def log(pg: asyncpg.Connection, postgres_url: str) -> None:
    """Ada's account with the id 1, and four events, an hour between two."""
    add_account(postgres_url, ADA)
    for hours, (event, actor_id, user_id) in enumerate(EVENTS):
        rows(
            postgres_url,
            "INSERT INTO audit_events (at, event, actor_id, user_id, ip, request_id, data)"
            """ VALUES ($1, $2, $3, $4, '192.0.2.7', 'a-request', '{"role": "admin"}')""",
            *(BEGIN + timedelta(hours=hours), event, actor_id, user_id),
        )


def listed(command: Command, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(done(command("audit", "--json", *options)))
    return found


@pytest.mark.usefixtures("log")
def test_events_are_found_by_all_that_the_api_takes(
    command: Command, subtests: pytest.Subtests
) -> None:
    for options, expected in [
        ([], [4, 3, 2, 1]),
        (["--user", "2"], [4, 3]),
        (["--user", "ADA@example.com"], [2, 1]),
        (["--user", "999"], []),
        (["--actor", ADA], [4, 3, 2]),
        (["--actor", "1", "--user", "2", "--event", "authz_change"], [3]),
        (["--since", "2026-01-31T13:00:00Z"], [4, 3, 2]),
        (["--until", "2026-01-31T15:00:00+02:00"], [1]),
        (["--since", "2026-01-31T13:00:00Z", "--until", "2026-01-31T14:00:00Z"], [2]),
        (["--since", "2027-01-01T00:00:00Z"], []),
        (["--limit", "4"], [4, 3, 2, 1]),
    ]:
        with subtests.test(options=options):
            assert [event["id"] for event in listed(command, *options)] == expected


@pytest.mark.usefixtures("log")
def test_json_has_what_the_api_answers(command: Command) -> None:
    for event in listed(command):
        assert set(event) == set(AuditEventAnswer().fields)
        assert event["at"].endswith("Z")
        assert event["data"] == {"role": "admin"}


@pytest.mark.usefixtures("log")
def test_people_get_columns(command: Command) -> None:
    first, second, *_ = done(command("audit")).splitlines()
    assert first.split() == ["ID", "AT", "EVENT", "ACTOR_ID", "USER_ID", "IP", "DATA"]
    assert second.split() == [
        *("4", "2026-01-31", "15:00", "user_deleted", "1", "2", "192.0.2.7"),
        '{"role":"admin"}',
    ]


@pytest.mark.usefixtures("log")
def test_of_more_events_than_asked_for_the_newest_are_shown(command: Command) -> None:
    shown = command("audit", "--limit", "2", "--json")
    assert [event["id"] for event in orjson.loads(shown.stdout)] == [4, 3]
    assert shown.stderr == "There are more: raise --limit, or narrow the time.\n"
    assert shown.exit_code == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--limit", "0"),
        ("--limit", "10001"),
        ("--event", "party"),
        ("--since", "yesterday"),
        ("--until", "2026-01-31"),
        ("--user", "ada"),
        ("--user", "0"),
        ("--actor", str(2**63)),
    ],
    ids=" ".join,
)
def test_what_does_not_fit_is_called_wrongly(command: Command, options: tuple[str, ...]) -> None:
    result = command("audit", *options)
    assert result.exit_code == 2
    assert options[0] in result.stderr
    assert result.stdout == ""


def test_somebody_unknown_is_named(command: Command) -> None:
    assert "nobody@example.com" in one_line(command("audit", "--user", "nobody@example.com"))
