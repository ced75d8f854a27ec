"""Commands about mail."""

from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.accounts.administration.schemas import OutboxMailAnswer
from contactsvc.cli import mail
from tests.cli.support import Command, done, one_line, rows

pytestmark = pytest.mark.usefixtures("pg")


@pytest.fixture
def mails(pg: asyncpg.Connection, postgres_url: str) -> None:
    for number, status in enumerate(["sent", "dead", "pending"]):
        rows(
            postgres_url,
            """
            INSERT INTO outbox (kind, recipient, params, status, attempts, created_at,
                                next_attempt_at, last_error)
            VALUES ('registration', $1, '{"secret": "params"}', $2, 8, now(), now(), '550')
            """,
            f"user{number}@example.com",
            status,
        )


def listed(command: Command, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(done(command("outbox", "list", "--json", *options)))
    return found


@pytest.mark.usefixtures("mails")
@pytest.mark.parametrize(("options", "expected"), [([], [3, 2, 1]), (["--status", "dead"], [2])])
def test_list(
    command: Command, monkeypatch: pytest.MonkeyPatch, options: list[str], expected: list[int]
) -> None:
    monkeypatch.setattr(mail, "PAGE", 2)
    assert [each["id"] for each in listed(command, *options)] == expected


@pytest.mark.usefixtures("mails")
def test_json_has_what_the_api_answers(command: Command) -> None:
    for each in listed(command):
        assert set(each) == set(OutboxMailAnswer().fields)


@pytest.mark.usefixtures("mails")
def test_people_get_columns_without_params(command: Command) -> None:
    text = done(command("outbox", "list"))
    assert [line.split()[0] for line in text.splitlines()] == ["ID", "3", "2", "1"]
    assert "550" in text
    assert "params" not in text


@pytest.mark.usefixtures("mails")
def test_retry_a_dead_mail(command: Command, postgres_url: str) -> None:
    assert done(command("outbox", "retry", "2")) == "Mail 2 will be tried again.\n"
    [row] = rows(postgres_url, "SELECT status, attempts FROM outbox WHERE id = 2")
    assert row == {"status": "pending", "attempts": 0}


@pytest.mark.usefixtures("mails")
@pytest.mark.parametrize(("mail_id", "told"), [("1", "given up"), ("4", "no mail 4")])
def test_other_mails_are_not_tried_again(command: Command, mail_id: str, told: str) -> None:
    assert told in one_line(command("outbox", "retry", mail_id))
