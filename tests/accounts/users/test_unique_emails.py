"""Whoever comes second for an e-mail is refused, and PostgreSQL has no violation to write down."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.errors import EmailTaken
from tests.support.locks import race
from tests.support.services import ignore

pytestmark = pytest.mark.usefixtures("orm")

Come = Callable[[UserRepository], Awaitable[object]]

NEW = "Canary@example.com"
HELD = "SELECT pg_advisory_xact_lock(hashtextextended('canary@example.com', 0))"


@pytest.fixture
def violations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The unique violations that asyncpg hears of, each of which PostgreSQL has logged."""
    heard: list[str] = []
    constructed = asyncpg.UniqueViolationError.__init__

    def hear(self: asyncpg.UniqueViolationError, *args: object, **kwargs: object) -> None:
        heard.append(str(args))
        constructed(self, *args, **kwargs)

    monkeypatch.setattr(asyncpg.UniqueViolationError, "__init__", hear)
    return heard


COMES: dict[str, Come] = {
    "registers": lambda users: users.create(NEW.lower(), "a hash", ""),
    "registers, too": lambda users: users.create(NEW, "a hash", ""),
    "changes": lambda users: users.change_email(1, NEW),
    "changes, too": lambda users: users.change_email(2, NEW.upper()),
}


async def test_of_two_one_comes_too_late_and_no_violation_is_raised(
    pg: asyncpg.Connection, postgres_url: str, violations: list[str], subtests: pytest.Subtests
) -> None:
    users = UserRepository(ignore, address_books)
    pairs = [(one, two) for one in COMES for two in COMES if one < two]
    for first, second in pairs:
        with subtests.test(first=first, second=second):
            await pg.execute("TRUNCATE users RESTART IDENTITY CASCADE")
            for name in ("ada", "grace"):
                await users.create(f"{name}@example.com", "a hash", "")
            coming = [COMES[first](users), COMES[second](users)]
            outcomes = await race(pg, postgres_url, HELD, *coming)
            assert [type(outcome) for outcome in outcomes].count(EmailTaken) == 1
            assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert violations == []


async def test_what_is_taken_already_is_refused_without_a_violation(
    pg: asyncpg.Connection, violations: list[str]
) -> None:
    users = UserRepository(ignore, address_books)
    ids = [await users.create(f"{name}@example.com", "a hash", "") for name in ("a", "b")]
    for come in (
        lambda: users.create("A@example.com", "another hash", ""),
        lambda: users.change_email(ids[1], "A@Example.com"),
    ):
        with pytest.raises(EmailTaken):
            await come()
    await users.change_email(ids[1], "B@example.com")  # one's own, written otherwise
    emails = await pg.fetch("SELECT email FROM users ORDER BY id")
    assert [email for (email,) in emails] == ["a@example.com", "B@example.com"]
    assert violations == []


async def test_the_ear_for_violations_hears_one(
    pg: asyncpg.Connection, violations: list[str]
) -> None:
    copy = "INSERT INTO jobs (name, due_at) VALUES ('twice', now()), ('twice', now())"
    with pytest.raises(asyncpg.UniqueViolationError):
        await pg.execute(copy)
    assert len(violations) == 1
