# ruff: noqa: S608 - the statements are made of our own names
"""Queries of one owner's tags: to list, rename and remove them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tortoise.connection import get_connection

from contactsvc.contacts import bulk
from contactsvc.contacts.columns import of_change
from contactsvc.contacts.filter import ContactFilter, Found
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.search import tag_key, without_doubles
from contactsvc.platform.errors import NotFound
from contactsvc.platform.text.sort_keys import sort_key

MAX_LISTED: Final = 10_000
"""The most tags of a list; what is left out is used least."""

_COUNT: Final = (
    "SELECT tag AS name, count(*) AS contacts FROM contacts, unnest(tags) AS tag"
    " WHERE owner_id = $1 AND tags <> '{}'"
    f" GROUP BY tag ORDER BY count(*) DESC, tag LIMIT {MAX_LISTED}"
)


@dataclass(frozen=True)
class Tag:
    """A tag, with the spelling that most of its contacts have.

    Args:
        name: The tag.
        contacts: How many contacts have it.
    """

    name: str
    contacts: int


class TagRepository:
    """The tags of one owner's contacts.

    Args:
        owner_id: The id of the user whose address book it is.
        region: The ISO 3166-1 alpha-2 code of the region that the owner's numbers without a country
            are read by.
    """

    def __init__(self, owner_id: int, region: str | None = None) -> None:
        self._owner_id = owner_id
        self._region = region

    async def all(self) -> list[Tag]:
        """Return the tags in the order of their names."""
        rows = await get_connection("default").execute_query_dict(_COUNT, [self._owner_id])
        spellings: dict[str, str] = {}
        contacts: Counter[str] = Counter()
        for row in rows:  # the most frequent spelling comes first
            key = tag_key(row["name"])
            spellings.setdefault(key, row["name"])
            contacts[key] += row["contacts"]
        tags = [Tag(name, contacts[key]) for key, name in spellings.items()]
        return sorted(tags, key=lambda tag: sort_key(tag.name))

    async def rename(self, name: str, new_name: str) -> Tag:
        """Give a tag another name, on every contact that has it, and return it.

        Where a contact has both, they become one. It is done in batches: where it is interrupted,
        the rest keeps its tag, and the call can be repeated.

        Raises:
            NotFound: No contact has the tag.
        """
        await self._replace(name, new_name)
        wanted = ContactFilter(tag=(new_name,))
        statement = Found(self._owner_id, wanted).count()
        rows = await get_connection("default").execute_query_dict(*statement)
        return Tag(new_name, int(rows[0]["count"]))

    async def remove(self, name: str) -> None:
        """Take a tag off every contact, in batches as :meth:`rename`.

        Raises:
            NotFound: No contact has the tag.
        """
        await self._replace(name, None)

    async def _replace(self, name: str, new_name: str | None) -> None:
        after = found = 0
        while ids := await self._tagged(name, after):
            await bulk.rewrite(self._owner_id, ids, self._changed(name, new_name), ChangedBy.API)
            after, found = ids[-1], found + len(ids)
        if not found:
            raise NotFound

    def _changed(self, name: str, new_name: str | None) -> bulk.Change:
        key = tag_key(name)
        instead = [] if new_name is None else [new_name]

        def changed(row: Mapping[str, Any]) -> dict[str, Any] | None:
            tags = [
                each for tag in row["tags"] for each in (instead if tag_key(tag) == key else [tag])
            ]
            return of_change(row, {"tags": without_doubles(tags)}, self._region, is_whole=False)

        return changed

    async def _tagged(self, name: str, after: int) -> list[int]:
        statement, values = Found(self._owner_id, ContactFilter(tag=(name,))).ids(bulk.BATCH, after)
        rows = await get_connection("default").execute_query_dict(statement, values)
        return [row["id"] for row in rows]
