# ruff: noqa: S608 - the statements are made of our own names
"""The filter of a list of contacts, and the SQL that finds what it wants.

Rows are found by an index of the list alone, which carries ``search_key``, in a subselect; only
those of the page are then read.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from contactsvc.contacts.orders import SORTS
from contactsvc.contacts.search import occurs, tagged
from contactsvc.platform.database.keysets import Keyset, Position, from_json
from contactsvc.platform.text.phone_numbers import digits, international_digits, is_dialled
from contactsvc.platform.text.search_keys import search_key

_BY_FIELD: Final = ("first_name", "last_name", "email", "organization")

Like = Callable[[str], str]
"""Returns the SQL for: a key is like a pattern."""


@dataclass(frozen=True)
class ContactFilter:
    """The conditions on contacts to list; all must hold. No character is a wildcard.

    Args:
        q: Words, each of which must occur in a name, the organization, an e-mail or a phone; empty
            matches all.
        first_name: Text that must occur in the first name; empty matches all.
        last_name: Text that must occur in the last name; empty matches all.
        email: Text that must occur in an e-mail; empty matches all.
        organization: Text that must occur in the organization; empty matches all.
        tag: The tags that it must have, in any case; an empty one is none.
        favorite: Whether it is a favourite; None matches all.
        updated_since: The earliest time of its last change; None matches all.
    """

    q: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    organization: str = ""
    tag: tuple[str, ...] = ()
    favorite: bool | None = None
    updated_since: datetime | None = None


@dataclass
class Found:
    """The statements that read an owner's contacts that a filter wants, with their values.

    Args:
        owner_id: The owner.
        wanted: The filter.
        region: The ISO 3166-1 alpha-2 code of the region that numbers in ``q`` are read by; None
            reads only international ones.
    """

    owner_id: int
    wanted: ContactFilter
    region: str | None = None
    _values: list[Any] = field(default_factory=list)

    def page(
        self, order: Keyset, listed: Sequence[str], limit: int, after: Position = None
    ) -> tuple[str, list[Any]]:
        """Return the statement for up to ``limit`` rows, with the columns of the order, too."""
        condition = self._condition(in_order=self._is_carried_by(order))
        columns = ", ".join(order.columns)
        if after is not None:
            sign = "<" if order.descending else ">"
            places = ", ".join(map(self._value, from_json(order.columns, after)))
            condition += f" AND ({columns}) {sign} ({places})"
        direction = " DESC" if order.descending else ""
        by = ", ".join(f"{column}{direction}" for column in order.columns)
        found = f"SELECT owner_id, id FROM contacts WHERE {condition} ORDER BY {by}"
        found += f" LIMIT {self._value(limit)}"
        shown = ", ".join(dict.fromkeys([*listed, *order.columns]))
        statement = (
            f"SELECT {shown} FROM contacts JOIN ({found}) AS found USING (owner_id, id)"
            f" ORDER BY {by}"
        )
        return statement, self._values

    def ids(self, limit: int, after: int) -> tuple[str, list[Any]]:
        """Return the statement for up to ``limit`` ids, from the least after ``after`` on."""
        condition = f"{self._condition()} AND id > {self._value(after)}"
        statement = f"SELECT id FROM contacts WHERE {condition} ORDER BY id"
        return f"{statement} LIMIT {self._value(limit)}", self._values

    def count(self) -> tuple[str, list[Any]]:
        """Return the statement that counts them."""
        return f"SELECT count(*) FROM contacts WHERE {self._condition()}", self._values

    def _value(self, value: Any) -> str:
        """Return the place of a value; a pattern that comes again has one place."""
        if isinstance(value, str) and value in self._values:
            return f"${self._values.index(value) + 1}"
        self._values.append(value)
        return f"${len(self._values)}"

    def _is_carried_by(self, order: Keyset) -> bool:
        """Return whether the index of an order has all that is asked for."""
        is_listed = order.columns in SORTS.values()
        return is_listed and (self.wanted.updated_since is None or "updated_at" in order.columns)

    def _condition(self, *, in_order: bool = False) -> str:
        """Return the condition on rows.

        Args:
            in_order: Whether an index is to be read in its order until there are enough. PostgreSQL
                guesses how many rows have a word; if few, it has several processes read all of the
                owner's. Of a CASE it always guesses that half of them have it.
        """
        owner = f"owner_id = {self._value(self.owner_id)}"
        carried = " AND ".join(self._carried(owner))
        if carried and in_order:
            carried = f"CASE WHEN {carried} THEN true END"
        conditions = [owner, carried] if carried else [owner]
        if self.wanted.updated_since is not None:
            conditions.append(f"updated_at >= {self._value(self.wanted.updated_since)}")
        return " AND ".join(conditions)

    def _carried(self, owner: str) -> Iterator[str]:
        """Yield the conditions on what the index of each list carries, the cheapest first."""
        if self.wanted.favorite is not None:
            yield f"favorite = {self._value(self.wanted.favorite)}"
        in_key = self._searched(lambda place: f"search_key LIKE {place}")
        if in_key:
            in_both = self._searched(
                lambda place: f"(search_key LIKE {place} OR search_more LIKE {place})"
            )
            long = (
                f"SELECT id FROM contacts WHERE {owner} AND search_more IS NOT NULL AND {in_both}"
            )
            yield f"({in_key} OR id = ANY (ARRAY ({long})))"

    def _searched(self, like: Like) -> str:
        """Return the condition on keys; empty if there is none."""

        def has(pattern: str) -> str:
            return like(self._value(pattern))

        words = search_key(self.wanted.q).split()
        conditions = [
            _number(list(run), self.region, has)
            if dialled
            else _all(map(_has_word(has), dict.fromkeys(run)))
            for dialled, run in itertools.groupby(words, key=is_dialled)
        ]
        conditions += [
            has(occurs(search_key(text), name))
            for name in _BY_FIELD
            if (text := getattr(self.wanted, name))
        ]
        conditions += [has(tagged(tag)) for tag in self.wanted.tag if tag]
        return _all(conditions)


def _has_word(has: Like) -> Like:
    return lambda word: has(occurs(word))


def _number(words: list[str], region: str | None, has: Like) -> str:
    """Return the condition for adjacent words that look like parts of a phone number.

    Each word must occur in a text or, by its digits alone, in the digits of a number; or all words
    together must be the number. A word without digits, such as ``-``, is ignored if others have
    some, and looked for as text if none has.
    """
    has_word = _has_word(has)
    if not any(map(digits, words)):
        return _all(map(has_word, dict.fromkeys(words)))
    apart = _all(
        has_word(word) if found == word else f"({has_word(word)} OR {has(occurs(found, 'phone'))})"
        for word in dict.fromkeys(words)
        if (found := digits(word))
    )
    together = international_digits(" ".join(words), region)
    return apart if together is None else f"({apart} OR {has(occurs(together, 'phone'))})"


def _all(conditions: Iterable[str]) -> str:
    return " AND ".join(conditions)
