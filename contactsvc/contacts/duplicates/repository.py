# ruff: noqa: S608 - the statements are made of our own names
"""Queries of one owner's duplicates: to find them, and to tell pairs of them apart.

The index of changes carries the keys that contacts are compared by, so one pass over the owner's
part of it finds all that share one: a quarter of a second of PostgreSQL's for 100,000 contacts.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.match_keys import KINDS
from contactsvc.contacts.rows import READ, ContactRow, public_of_record
from contactsvc.platform.database.statements import current_client
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import Conflict, FieldError, ValidationFailed

MAX_IDS: Final = 50
"""Contacts of one group: of more that share something, those with the least ids."""

MAX_DISMISSED: Final = 200_000
"""Pairs that one owner may tell apart."""

_WEIGHTS: Final = (50, 40, 30)
"""What each of KINDS adds to a score."""
_FEW: Final = 4
"""Contacts that may share something before it tells less: of ten, each has 40 % of the score."""

_KIND: Final = "(key & 3)::int"
_SCORE: Final = " + ".join(
    f"coalesce(max({weight} * {_FEW} / greatest(sharing, {_FEW})) FILTER (WHERE kind = {kind}), 0)"
    for kind, weight in enumerate(_WEIGHTS)
)
_GROUPS: Final = (
    f"SELECT ids, bit_or(1 << kind) AS reasons, least(100, greatest(1, {_SCORE})) AS score"
    f" FROM (SELECT (array_agg(id ORDER BY id))[1:{MAX_IDS}] AS ids, {_KIND} AS kind,"
    " count(*) AS sharing FROM (SELECT id, unnest(match_keys) AS key FROM contacts"
    " WHERE owner_id = $1) AS keyed GROUP BY key HAVING count(*) > 1) AS shared GROUP BY ids"
)
"""Contacts that share keys, with all reasons that hold for all of them."""

_PAGE: Final = (
    "SELECT found.ids, found.reasons, found.score, told.apart > 0 AS is_divided"
    f" FROM (SELECT * FROM ({_GROUPS}) AS every WHERE $2::int IS NULL OR score < $2"
    " OR (score = $2 AND ids >= $3::bigint[]) ORDER BY score DESC, ids) AS found,"
    # Only for those of the page, and those before it that are told apart altogether.
    " LATERAL (SELECT count(*) AS apart FROM dismissed_duplicates WHERE owner_id = $1"
    " AND low_id = ANY (found.ids) AND high_id = ANY (found.ids)) AS told"
    " WHERE told.apart < cardinality(found.ids) * (cardinality(found.ids) - 1) / 2"
    " ORDER BY found.score DESC, found.ids LIMIT $4"
)
"""Parameters: owner, the score and the ids to begin with or NULLs, and how many are wanted."""

_AS_PLANNED: Final = "SET LOCAL jit = off"
"""To compile the statement takes longer than to run it; PostgreSQL takes it for dear."""

_DISMISSED: Final = (
    "SELECT low_id, high_id FROM dismissed_duplicates WHERE owner_id = $1"
    " AND low_id = ANY ($2::bigint[]) AND high_id = ANY ($2::bigint[])"
)
_CONTACTS: Final = (
    f"SELECT {', '.join(READ)} FROM contacts WHERE owner_id = $1 AND id = ANY ($2::bigint[])"
)
_THERE: Final = "SELECT id FROM contacts WHERE owner_id = $1 AND id = ANY ($2::bigint[])"
_DISMISS: Final = (
    "INSERT INTO dismissed_duplicates (owner_id, low_id, high_id)"
    " SELECT $1::bigint, low, high FROM unnest($2::bigint[]) AS low, unnest($2::bigint[]) AS high"
    " WHERE low < high ON CONFLICT DO NOTHING"
)
_COUNT: Final = "SELECT count(*) AS count FROM dismissed_duplicates WHERE owner_id = $1"

Pair = tuple[int, int]
"""The ids of two contacts, the lesser first."""


@dataclass(frozen=True)
class Group:
    """Contacts that have something in common.

    Args:
        ids: Their ids, rising: 2 to MAX_IDS.
        reasons: Those of KINDS that they have in common, all of them.
        score: 1 to 100.
        dismissed: Those pairs of them that are told apart.
    """

    ids: tuple[int, ...]
    reasons: tuple[str, ...]
    score: int
    dismissed: frozenset[Pair] = frozenset()

    def parts(self) -> Iterator[tuple[int, ...]]:
        """Yield the ids, in parts of which none has a pair that is told apart.

        Every other pair is in one of them; so a contact may be in several.
        """
        if not self.dismissed:
            yield self.ids
            return
        seen = set(self.dismissed)
        for pair in combinations(self.ids, 2):
            if pair not in seen:
                part = self._part_around(pair)
                seen.update(combinations(part, 2))
                yield part

    def _part_around(self, pair: Pair) -> tuple[int, ...]:
        part = list(pair)
        for each in self.ids:
            if each not in pair and all(_pair(each, one) not in self.dismissed for one in part):
                part.append(each)
        return tuple(sorted(part))


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


class DuplicateRepository:
    """The duplicates among the contacts of one owner.

    Args:
        owner_id: The id of the user whose address book it is.
    """

    def __init__(self, owner_id: int) -> None:
        self._owner_id = owner_id

    async def groups(self, limit: int, first: tuple[int, Sequence[int]] | None) -> list[Group]:
        """Return up to ``limit`` groups in which a pair is not told apart, the surest first.

        Args:
            limit: The most groups.
            first: The score and the ids of the group to begin with, which may be gone; None begins
                with the first of all.
        """
        score, ids = first or (None, None)
        async with transaction():
            client = current_client()
            await client.fetch(_AS_PLANNED, [])
            rows = await client.fetch(_PAGE, [self._owner_id, score, ids, limit])
        divided = {contact_id for row in rows if row["is_divided"] for contact_id in row["ids"]}
        dismissed = await self._dismissed(divided) if divided else ()
        return [
            Group(
                tuple(row["ids"]),
                tuple(kind for bit, kind in enumerate(KINDS) if row["reasons"] >> bit & 1),
                row["score"],
                _among(row["ids"], dismissed) if row["is_divided"] else frozenset(),
            )
            for row in rows
        ]

    async def _dismissed(self, ids: Collection[int]) -> list[Pair]:
        rows = await current_client().fetch(_DISMISSED, [self._owner_id, list(ids)])
        return [(row["low_id"], row["high_id"]) for row in rows]

    async def contacts(self, ids: Collection[int]) -> dict[int, ContactRow]:
        """Return those of the contacts that are there, by their ids."""
        rows = await current_client().fetch(_CONTACTS, [self._owner_id, list(ids)])
        return {row["id"]: public_of_record(row, self._owner_id) for row in rows}

    async def dismiss(self, ids: Sequence[int]) -> None:
        """Tell contacts apart, each from all others of them, from now on.

        Args:
            ids: The ids of 2 to MAX_IDS contacts, each once.

        Raises:
            ValidationFailed: The owner has no such contact.
            Conflict: The owner tells MAX_DISMISSED pairs apart already.
        """
        async with address_books.locked(self._owner_id):  # none of them goes for good meanwhile
            client, values = current_client(), [self._owner_id, list(ids)]
            there = {row["id"] for row in await client.fetch(_THERE, values)}
            if missing := [place for place, each in enumerate(ids) if each not in there]:
                raise ValidationFailed([_not_there(place) for place in missing])
            await client.fetch(_DISMISS, values)
            [counted] = await client.fetch(_COUNT, [self._owner_id])
            if counted["count"] > MAX_DISMISSED:
                raise Conflict("There are as many pairs told apart as one account may have.")


def _among(ids: Collection[int], pairs: Collection[Pair]) -> frozenset[Pair]:
    wanted = frozenset(ids)
    return frozenset(pair for pair in pairs if wanted.issuperset(pair))


def _not_there(place: int) -> FieldError:
    return FieldError(f"/ids/{place}", "You have no such contact; leave it out.")
