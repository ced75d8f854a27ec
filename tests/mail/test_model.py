"""What PostgreSQL itself holds of mail that is to be sent."""

from typing import Any

import asyncpg
import pytest

from contactsvc.mail.model import MailKind, MailStatus, OutboxMail
from tests.support.enums import MOMENT, indexes, insert, optional

ROW: dict[str, Any] = {
    "kind": "registration",
    "recipient": "grace@example.com",
    "recipient_key": "grace@example.com",
    "user_id": 7,
    "params": '{"user_id": 7}',
    "status": "pending",
    "attempts": 0,
    "created_at": MOMENT,
    "next_attempt_at": MOMENT,
    "finished_at": MOMENT,
    "last_error": "",
}

KINDS = {
    MailKind.REGISTRATION: "registration",
    MailKind.CONFIRM_EMAIL: "confirm_email",
    MailKind.RESET_PASSWORD: "reset_password",
    MailKind.PASSWORD_CHANGED: "password_changed",
    MailKind.CHANGE_EMAIL: "change_email",
    MailKind.EMAIL_CHANGE_NOTICE: "email_change_notice",
    MailKind.APP_PASSWORD_CREATED: "app_password_created",
    MailKind.BIRTHDAY_REMINDER: "birthday_reminder",
}
STATUSES = {
    MailStatus.PENDING: "pending",
    MailStatus.SENT: "sent",
    MailStatus.SKIPPED: "skipped",
    MailStatus.DEAD: "dead",
}


async def test_only_an_end_and_whose_it_is_may_be_missing(pg: asyncpg.Connection) -> None:
    assert await optional(pg, "outbox", ROW) == {"finished_at", "recipient_key", "user_id"}


async def test_what_is_due_or_somebodys_is_found_without_reading_all(
    pg: asyncpg.Connection,
) -> None:
    assert await indexes(pg, "outbox") == {
        ("id",),
        ("status", "next_attempt_at"),
        ("status", "created_at"),
        ("recipient_key",),
        ("user_id",),
    }


@pytest.mark.usefixtures("orm")
async def test_a_mail_that_is_asked_for_waits_and_has_not_been_tried(
    pg: asyncpg.Connection,
) -> None:
    await OutboxMail.create(
        kind=MailKind.REGISTRATION, recipient="", created_at=MOMENT, next_attempt_at=MOMENT
    )
    row = await pg.fetchrow("SELECT status, attempts, params, finished_at, last_error FROM outbox")
    assert tuple(row) == ("pending", 0, "{}", None, "")


@pytest.mark.usefixtures("orm")
@pytest.mark.parametrize("kind", MailKind)
async def test_mail_of_the_release_before_keeps_its_kind(
    pg: asyncpg.Connection, kind: MailKind
) -> None:
    mail_id = await insert(pg, "outbox", ROW | {"kind": KINDS[kind]})
    assert (await OutboxMail.get(id=mail_id)).kind is kind


@pytest.mark.usefixtures("orm")
@pytest.mark.parametrize("status", MailStatus)
async def test_mail_of_the_release_before_stands_where_it_stood(
    pg: asyncpg.Connection, status: MailStatus
) -> None:
    mail_id = await insert(pg, "outbox", ROW | {"status": STATUSES[status]})
    assert (await OutboxMail.get(id=mail_id)).status is status
