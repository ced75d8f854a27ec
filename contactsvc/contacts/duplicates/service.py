"""Makes pages of duplicates, each with its contacts, of a bounded size."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from contactsvc.contacts.duplicates.repository import DuplicateRepository, Group
from contactsvc.contacts.page_size import MAX_CHARACTERS, STEP, characters_of
from contactsvc.contacts.rows import ContactRow
from contactsvc.platform.database.keysets import Page, Position

MAX_CONTACTS: Final = 200
"""Contacts after which a page ends."""


@dataclass(frozen=True)
class Duplicate:
    """Contacts that may be the same person.

    Args:
        contacts: Two or more, by rising ids.
        reasons: What all of them have in common: some of KINDS.
        score: How sure it is, 1 to 100.
    """

    contacts: list[ContactRow]
    reasons: Sequence[str]
    score: int


class _Part(NamedTuple):
    """A part of a group, by its number from 1."""

    group: Group
    number: int
    ids: tuple[int, ...]

    def position(self) -> list[int]:
        """Return where the next page begins if this is the last on its page."""
        return [self.group.score, self.number, *self.group.ids]


async def page(
    duplicates: DuplicateRepository, limit: int, after: Position = None
) -> Page[Duplicate]:
    """Return up to ``limit`` duplicates, the surest first.

    It has one at least, if there are any, and fewer than ``limit`` where they have more than
    MAX_CONTACTS contacts, or large ones.

    Args:
        duplicates: The repository of the address book.
        limit: The most duplicates on the page.
        after: The ``next_position`` of the page before; None for the first page.
    """
    begin = None if after is None else (int(after[0]), list(after[2:]))
    # The group that the page before has ended in, those of this one, and one more.
    groups = await duplicates.groups(limit + 2, begin)
    # Those of groups of fifty, half of them told apart, take a tenth of a second.
    parts = await asyncio.to_thread(lambda: list(islice(_parts(groups, after), limit + 1)))
    shown: list[Duplicate] = []
    last: list[int] | None = None
    room, places = MAX_CHARACTERS, MAX_CONTACTS
    for some in _steps(parts[:limit]):
        contacts = await duplicates.contacts({each for part in some for each in part.ids})
        for part in some:
            rows = [contacts[each] for each in part.ids if each in contacts]
            room -= sum(map(characters_of, rows))
            places -= len(rows)
            if shown and (room < 0 or places < 0):
                return Page(shown, last)
            if len(rows) > 1:  # others have been deleted since
                shown.append(Duplicate(rows, part.group.reasons, part.group.score))
            last = part.position()
    return Page(shown, last if len(parts) > limit else None)


def _parts(groups: Sequence[Group], after: Position) -> Iterator[_Part]:
    """Yield the parts of groups that come after a position."""
    for group in groups:
        skipped = after[1] if after is not None and [*group.ids] == [*after[2:]] else 0
        for number, ids in enumerate(group.parts(), 1):
            if number > skipped:
                yield _Part(group, number, ids)


def _steps(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Yield the parts, some at a time: one, or several that have up to STEP contacts."""
    step: list[_Part] = []
    contacts = 0
    for part in parts:
        contacts += len(part.ids)
        if step and contacts > STEP:
            yield step
            step, contacts = [], len(part.ids)
        step.append(part)
    if step:
        yield step
