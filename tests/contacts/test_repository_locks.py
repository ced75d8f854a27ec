"""Changes of one contact at the same moment: each sees what the one before has written."""

from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from contactsvc.contacts.columns import of_change
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.database.transactions import is_open
from contactsvc.platform.errors import NotFound, PreconditionFailed
from tests.support.locks import race
from tests.support.rows import as_read

ROW = "SELECT FROM contacts FOR UPDATE"
AT_ONCE = 3


@pytest.fixture
async def ada(contacts: ContactRepository) -> int:
    """The id of the only contact."""
    row, _ = await contacts.create({"first_name": "Ada"})
    return row["id"]


async def test_of_changes_at_once_one_meets_the_precondition(
    contacts: ContactRepository, ada: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    changes = [contacts.change(ada, {"first_name": f"Ada {n}"}, [1]) for n in range(AT_ONCE)]
    outcomes = await race(pg, postgres_url, ROW, *changes)
    refused = [isinstance(outcome, PreconditionFailed) for outcome in outcomes]
    assert refused.count(True) == AT_ONCE - 1
    [(row, version)] = [o for o, no in zip(outcomes, refused, strict=True) if not no]
    kept, kept_version = await contacts.get(ada)
    assert as_read(kept) == as_read(row)
    assert kept_version == version == 2


async def test_unconditional_changes_at_once_count_one_by_one(
    contacts: ContactRepository, ada: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    changes = [
        contacts.change(ada, fields)
        for fields in ({"first_name": "Augusta"}, {"last_name": "King"}, {"notes": "Countess"})
    ]
    outcomes = await race(pg, postgres_url, ROW, *changes)
    assert sorted(version for _, version in outcomes) == [2, 3, 4]
    row, _ = await contacts.get(ada)
    assert (row["first_name"], row["last_name"], row["notes"]) == ("Augusta", "King", "Countess")
    [last] = [row for row, version in outcomes if version == 4]
    assert as_read(last) == as_read(row)


async def test_who_comes_second_tries_again_while_the_book_is_locked(
    contacts: ContactRepository, ada: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """So nobody can be first once more."""
    in_transaction = []

    def changed(row: Mapping[str, Any]) -> dict[str, Any] | None:
        in_transaction.append(is_open())
        return of_change(row, {"notes": "Countess"}, None, is_whole=False)

    other = "UPDATE contacts SET version = 2, derived_version = 2"
    rewriting = contacts.rewrite(ada, changed, ChangedBy.API)
    [(_, version)] = await race(pg, postgres_url, other, rewriting)

    assert in_transaction == [False, True]
    assert version == 3


async def test_a_contact_that_is_deleted_meanwhile_is_not_changed(
    contacts: ContactRepository, ada: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    change = contacts.change(ada, {"first_name": "Augusta"})
    [outcome] = await race(pg, postgres_url, "DELETE FROM contacts", change)
    assert isinstance(outcome, NotFound)


async def test_what_a_new_contact_is_called_is_settled_while_the_book_is_locked(
    contacts: ContactRepository, ada: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """Somebody else, who has the book, takes the name meanwhile."""
    taking = (
        "WITH book AS (UPDATE address_books SET seq = seq + 1)"
        " UPDATE contacts SET card_name = 'name'"
    )
    creating = contacts.create({"first_name": "Bea", "uid": "name"})
    [(row, _)] = await race(pg, postgres_url, taking, creating)

    named = await pg.fetchval("SELECT card_name FROM contacts WHERE id = $1", row["id"])
    assert row["uid"] == "name"
    assert named not in (None, "name")


async def test_of_a_change_and_a_removal_at_once_the_removal_sees_the_new_version(
    contacts: ContactRepository, ada: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    change = "UPDATE contacts SET version = version + 1"
    [outcome] = await race(pg, postgres_url, change, contacts.delete(ada, [1]))
    assert isinstance(outcome, PreconditionFailed)
    assert await pg.fetchval("SELECT count(*) FROM contacts") == 1
