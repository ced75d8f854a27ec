"""How many lists of one user's cards are made at once."""

import asyncio
from typing import Any

import asyncpg
import pytest

from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.services import services_of
from tests.conftest import MakePerson, Person, problem
from tests.contacts.dav.support import Phone, add, multiget, phone_of, propfind, query, sync
from tests.support.waiting import until

AT_ONCE, WAITING = 4, 16


class Barrier:
    """Stops whoever reads cards of one owner."""

    def __init__(self, owner_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.inside = 0
        self.leave = asyncio.Event()
        for name in ("page", "among", "changes"):
            monkeypatch.setattr(Cards, name, self._stopping(owner_id, getattr(Cards, name)))

    def _stopping(self, owner_id: int, read: Any) -> Any:
        async def stop(cards: Cards, *args: Any, **kwargs: Any) -> Any:
            if cards._owner_id == owner_id:
                self.inside += 1
                await self.leave.wait()
            return await read(cards, *args, **kwargs)

        return stop


async def test_others_of_the_same_user_wait_up_to_a_number(
    grace: Person,
    phone: Phone,
    make_person: MakePerson,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [href] = await add(grace, "a")
    bob = await phone_of(await make_person("bob@example.com", "Bob"), pg)
    barrier = Barrier(phone.user_id, monkeypatch)
    lists = [
        ("REPORT", multiget(href)),
        ("REPORT", sync()),
        ("REPORT", query()),
        ("PROPFIND", propfind("d:getetag")),
    ]
    tasks = [
        asyncio.create_task(phone.multistatus(*_at(phone, each), Depth="1"))
        for each in lists * ((AT_ONCE + WAITING) // len(lists))
    ]
    await until(lambda: _waiting(phone) == WAITING)
    assert barrier.inside == AT_ONCE

    for each in lists:
        await problem(await phone.request(*_at(phone, each), Depth="1"), 503, "unavailable")
    assert (await phone.propfind(phone.book, "d:sync-token")).keys() == {phone.book}
    assert (await bob.sync())[0] == {}

    barrier.leave.set()
    for answer in await asyncio.gather(*tasks):
        assert href in [each.text for each in answer.iter("{DAV:}href")]
    await until(lambda: not services_of(phone.client.app).card_lists._queues)


def _at(phone: Phone, asked: tuple[str, str]) -> tuple[str, str, str]:
    method, body = asked
    return method, phone.book, body


def _waiting(phone: Phone) -> int:
    queue = services_of(phone.client.app).card_lists._queues.get(phone.user_id)
    return queue.waiting if queue else 0
