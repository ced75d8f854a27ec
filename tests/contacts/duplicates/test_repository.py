"""Groups of contacts, what is left of one where some are told apart, and races."""

from itertools import combinations

import asyncpg
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.duplicates.repository import DuplicateRepository, Group
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.trash import repository as trash
from contactsvc.contacts.trash.repository import TrashRepository
from contactsvc.platform.clock import now
from contactsvc.platform.errors import ValidationFailed
from tests.support.locks import race

PAIRS = "SELECT low_id, high_id FROM dismissed_duplicates ORDER BY owner_id, low_id, high_id"
BOOK = "SELECT FROM address_books FOR UPDATE"
IDS = (2, 3, 5, 7, 11, 13)


async def added(contacts: ContactRepository, count: int) -> list[int]:
    return [(await contacts.create({"first_name": "Ada"}))[0]["id"] for _ in range(count)]


async def pairs(pg: asyncpg.Connection) -> list[tuple[int, int]]:
    return [tuple(row) for row in await pg.fetch(PAIRS)]


def test_a_group_of_which_none_are_told_apart_is_one_part() -> None:
    assert list(Group(IDS, (), 1).parts()) == [IDS]


@given(st.sets(st.sampled_from(list(combinations(IDS, 2)))))
def test_every_pair_is_in_a_part_unless_it_is_told_apart(dismissed: set[tuple[int, int]]) -> None:
    parts = list(Group(IDS, (), 1, frozenset(dismissed)).parts())
    together = {pair for part in parts for pair in combinations(part, 2)}
    assert together == set(combinations(IDS, 2)) - dismissed
    assert len(set(parts)) == len(parts)


async def test_pairs_go_when_one_of_the_two_is_gone_for_good(
    contacts: ContactRepository, owner: int, foreign: ContactRepository, pg: asyncpg.Connection
) -> None:
    ids = await added(contacts, 4)
    others = await added(foreign, 2)
    await DuplicateRepository(owner).dismiss(ids)
    await DuplicateRepository(owner + 1).dismiss(others)
    theirs = [(others[0], others[1])]
    for contact_id in ids[:2]:
        await contacts.delete(contact_id)
    assert await pairs(pg) == [*combinations(ids, 2), *theirs]
    await TrashRepository(owner).forget(ids[0])
    assert await pairs(pg) == [*combinations(ids[1:], 2), *theirs]
    await trash.purge(now())
    assert await pairs(pg) == [(ids[2], ids[3]), *theirs]


async def test_who_is_deleted_for_good_meanwhile_leaves_no_pair(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    one, two = await added(contacts, 2)
    duplicates = DuplicateRepository(owner)
    [deleted, dismissed] = await race(
        pg, postgres_url, BOOK, contacts.delete(two), duplicates.dismiss([one, two])
    )
    assert deleted is None
    assert dismissed is None or isinstance(dismissed, ValidationFailed)
    await TrashRepository(owner).empty()
    assert await pairs(pg) == []


async def test_rows_without_keys_yet_are_nobodys_duplicates(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    ids = await added(contacts, 3)
    await pg.execute("UPDATE contacts SET match_keys = NULL WHERE id = $1", ids[0])
    [group] = await DuplicateRepository(owner).groups(10, None)
    assert group.ids == tuple(ids[1:])


async def test_contacts_are_compared_with_ones_own_alone(
    contacts: ContactRepository, owner: int, foreign: ContactRepository
) -> None:
    ids = await added(contacts, 2)
    await added(foreign, 2)
    [group] = await DuplicateRepository(owner).groups(10, None)
    assert group.ids == tuple(ids)
