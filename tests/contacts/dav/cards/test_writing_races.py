"""Clients that write the same cards at once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.dav.cards.card import ANY, Preconditions, UidConflict
from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.errors import NotFound, ServiceError
from contactsvc.platform.storage.pictures import Pictures
from tests.contacts.dav.cards.support import card, contact, group
from tests.support.waiting import PATIENCE

Call = Callable[[], Awaitable[Any]]


@pytest.fixture(autouse=True)
def _processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let writers wait for one another in PostgreSQL alone, as those of other processes do."""
    monkeypatch.setattr(address_books, "_TURNS", NoTurns())


class NoTurns:
    def setdefault(self, _owner_id: int, _lock: asyncio.Lock) -> asyncio.Lock:
        return asyncio.Lock()


@asynccontextmanager
async def barrier(monkeypatch: pytest.MonkeyPatch, parties: int) -> Any:
    """Let so many writers come to the lock of the book before the first of them takes it."""
    lock, arrived, all_there = address_books.lock, 0, asyncio.Event()

    async def together(owner_id: int) -> None:
        nonlocal arrived
        arrived += 1
        if arrived >= parties:
            all_there.set()
        await all_there.wait()
        await lock(owner_id)

    with monkeypatch.context() as patch:
        patch.setattr(address_books, "lock", together)
        yield


async def at_once(monkeypatch: pytest.MonkeyPatch, *calls: Call) -> list[Any]:
    """Return what calls give, or the errors that they raise, which all begin before one ends."""
    async with asyncio.timeout(PATIENCE), barrier(monkeypatch, len(calls)):
        return await asyncio.gather(*(call() for call in calls), return_exceptions=True)


def count(outcomes: list[Any]) -> Counter[str]:
    for outcome in outcomes:
        assert not isinstance(outcome, BaseException) or isinstance(outcome, ServiceError), outcome
    return Counter(type(outcome).__name__ for outcome in outcomes)


async def test_two_who_add_one_name_make_one_contact(
    cards: Cards, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await at_once(
        monkeypatch,
        lambda: cards.put("ada", card("ada", "NOTE:1")),
        lambda: cards.put("ada", card("ada", "NOTE:2")),
    )
    assert sorted(each.created for each in found) == [False, True]
    assert await pg.fetchval("SELECT count(*) FROM contacts") == 1

    if_absent = Preconditions(none_match=[ANY])
    puts = [lambda: cards.put("new", card("new"), if_absent)] * 3
    assert count(await at_once(monkeypatch, *puts)) == {"PutResult": 1, "PreconditionFailed": 2}


async def test_one_uid_by_two_names_makes_one_contact(
    cards: Cards, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await at_once(
        monkeypatch,
        lambda: cards.put("first", card("ada")),
        lambda: cards.put("second", card("ada")),
    )
    assert count(found) == {"PutResult": 1, "UidConflict": 1}
    [conflict] = [each for each in found if isinstance(each, UidConflict)]
    assert conflict.name == await pg.fetchval("SELECT card_name FROM contacts")


async def test_of_many_who_have_seen_one_version_one_wins(
    owner: int, pictures: Pictures, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = Cards(owner, None, pictures)
    etag = (await cards.put("ada", card("ada"))).etag
    assert etag is not None
    seen = Preconditions([etag])

    def put(number: int) -> Call:
        return lambda: cards.put("ada", card("ada", f"NOTE:{number}"), seen)

    # As many as there are connections at a time.
    outcomes = []
    for start in range(0, 20, 5):
        outcomes += await at_once(monkeypatch, *(put(start + number) for number in range(5)))
    assert count(outcomes) == {"PutResult": 1, "PreconditionFailed": 19}
    assert (await contact(pg, "ada"))["version"] == 2


async def test_a_put_against_a_delete(
    cards: Cards, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        etag = (await cards.put("ada", card("ada"))).etag
        assert etag is not None
        seen = Preconditions([etag])
        found = await at_once(
            monkeypatch,
            lambda: cards.put("ada", card("ada", "NOTE:changed"), seen),  # noqa: B023
            lambda: cards.delete("ada", seen),  # noqa: B023
        )
        assert count(found) in ({"PutResult": 1, "PreconditionFailed": 1},
                                {"NoneType": 1, "PreconditionFailed": 1})  # fmt: skip
        is_there = await pg.fetchval("SELECT count(*) FROM contacts")
        assert is_there == count(found)["PutResult"]
        if is_there:
            await cards.delete("ada")
    deletes = [lambda: cards.delete("nobody")] * 2
    assert count(await at_once(monkeypatch, *deletes)) == {NotFound.__name__: 2}


async def test_a_contact_with_the_uid_that_is_a_name_gets_another_one(
    cards: Cards, contacts: ContactRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, sent in enumerate((card("x"), group("Friends", uid="y"))):
        name = f"name{number}"
        found = await at_once(
            monkeypatch,
            lambda: cards.put(name, sent),  # noqa: B023
            lambda: contacts.create({"first_name": "Ada", "uid": name}),  # noqa: B023
        )
        # Whoever is second finds the other: a PUT changes that contact, or puts a group there.
        assert not [each for each in found if isinstance(each, BaseException)], found
        names = [each.name for each in (await cards.page(10)).rows]
        assert len(names) == len(set(names))
        assert (await cards.get(name)).name == name


async def test_all_kinds_of_writers_wait_for_no_circle(
    cards: Cards, monkeypatch: pytest.MonkeyPatch
) -> None:
    uids = [f"uid{number}" for number in range(6)]
    for uid in uids:
        await cards.put(uid, card(uid))
    for turn in range(10):
        found = await at_once(
            monkeypatch,
            lambda: cards.put("group", group(f"Friends {turn}", *uids)),  # noqa: B023
            lambda: cards.put("uid0", card("uid0", f"NOTE:{turn}")),  # noqa: B023
            lambda: cards.put("second", group(f"Others {turn}", *reversed(uids), uid="second")),  # noqa: B023
            lambda: cards.put("uid5", card("uid5", f"NOTE:{turn}")),  # noqa: B023
        )
        assert count(found) == {"PutResult": 4}
