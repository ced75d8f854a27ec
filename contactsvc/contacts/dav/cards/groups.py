# ruff: noqa: S608 - the statements are made of our own names
"""Groups: cards that name contacts as their members, whom they tag.

Apple's programs keep groups so, and others do since vCard 4.0. A group is kept as it came. Who is
newly listed in it gets its title as a tag; who is taken off it loses that, and so does everybody
when it is deleted, unless another group of that title lists them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from contactsvc.contacts import bulk
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.columns import of_change
from contactsvc.contacts.dav.cards.reading import SentGroup, member_uid, uids_of
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.schemas.limits import MAX_TAGS
from contactsvc.contacts.search import tag_key, without_doubles
from contactsvc.contacts.vcard.writer import Version
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import BATCH, by_owner
from contactsvc.platform.database.statements import current_client
from contactsvc.platform.errors import QuotaExceeded
from contactsvc.platform.settings.lifetimes import TOMBSTONE_TTL

MAX_GROUPS: Final = 1000
"""Groups of one owner."""
MAX_MEMBERS: Final = 200_000
"""Members of all groups of one owner."""

_THERE: Final = "owner_id = $1 AND deleted_at IS NULL"
_ONE: Final = (
    f"SELECT title, members, format, text, uid FROM card_groups WHERE {_THERE} AND id = $2"
)
_TITLES: Final = f"SELECT id, title FROM card_groups WHERE {_THERE} AND title <> ''"
_TITLES_OF: Final = f"{_TITLES} AND members @> ARRAY[$2::text] ORDER BY id"
_MEMBERS: Final = f"SELECT members FROM card_groups WHERE {_THERE} AND id = ANY ($2::bigint[])"
_ALL: Final = (
    "SELECT count(*) AS groups, coalesce(sum(cardinality(members)), 0) AS members"
    f" FROM card_groups WHERE {_THERE} AND id <> $2"
)
_ADD: Final = (
    f"WITH book AS ({address_books.NEXT}) INSERT INTO card_groups (owner_id, seq, version, name,"
    " uid, title, members, format, text, created_at, updated_at)"
    " SELECT owner_id, seq, 1, $2::varchar, $3::varchar, $4::varchar, $5::text[], $6::varchar,"
    " $7::bytea, $8::timestamptz, $8::timestamptz FROM book RETURNING id"
)
_CHANGE: Final = (
    f"WITH book AS ({address_books.NEXT}) UPDATE card_groups SET seq = book.seq,"
    " version = version + 1, uid = $3, title = $4, members = $5, format = $6, text = $7,"
    " updated_at = $8 FROM book"
    " WHERE card_groups.owner_id = book.owner_id AND card_groups.id = $2 RETURNING version"
)
_DELETE: Final = (
    f"WITH book AS ({address_books.NEXT}) UPDATE card_groups SET seq = book.seq, title = '',"
    " members = '{}', text = '', updated_at = $3, deleted_at = $3 FROM book"
    " WHERE card_groups.owner_id = book.owner_id AND card_groups.id = $2"
)
_CONTACTS: Final = (
    "SELECT id FROM contacts WHERE owner_id = $1 AND uid = ANY ($2::varchar[]) ORDER BY id"
)

_DUE: Final = (
    f"SELECT owner_id, id FROM card_groups WHERE deleted_at < $1 ORDER BY deleted_at LIMIT {BATCH}"
)
_END_TOMBSTONES: Final = (
    f"WITH book AS ({address_books.LOCKED}),"
    " gone AS (DELETE FROM card_groups USING book WHERE card_groups.owner_id = book.owner_id"
    " AND card_groups.id = ANY ($2::bigint[]) AND deleted_at < $3 RETURNING card_groups.seq),"
    " newest AS (SELECT count(*) AS count, max(seq) AS seq FROM gone),"
    f" told AS ({address_books.FORGOTTEN})"
    " SELECT count FROM newest"
)
"""Removes tombstones as those of contacts are (see trash/repository.py)."""


class Group(NamedTuple):
    """A group that is there.

    Args:
        title: The tag of its members.
        members: Their uids.
        format: The version of vCard that it came in.
        text: The card.
        uid: Its UID.
    """

    title: str
    members: list[str]
    format: str
    text: bytes
    uid: str


_NOBODY: Final = Group("", [], "", b"", "")


class GroupRepository:
    """The groups of one owner, whose book is locked meanwhile.

    Args:
        owner_id: The id of the user whose address book it is.
        region: See ContactRepository.
    """

    def __init__(self, owner_id: int, region: str | None) -> None:
        self._owner_id = owner_id
        self._region = region

    async def titles_of(self, uid: str) -> list[str]:
        """Return the titles of the groups that list a contact, by its uid."""
        values = [self._owner_id, member_uid(uid)]
        return [row["title"] for row in await current_client().fetch(_TITLES_OF, values)]

    async def add(self, name: str, uid: str, group: SentGroup, form: Version, text: bytes) -> int:
        """Add a group, tag its members, and return its id.

        Raises:
            QuotaExceeded: There are as many groups, or members of groups, as there may be.
        """
        await self._check(0, group)
        values = [self._owner_id, name, *_columns(uid, group, form, text)]
        [row] = await current_client().fetch(_ADD, values)
        await self._retag(row["id"], _NOBODY, group)
        return int(row["id"])

    async def change(
        self, group_id: int, uid: str, group: SentGroup, form: Version, text: bytes
    ) -> int | None:
        """Change a group, tag and untag its members, and return its version.

        None if it is the very same already.

        Raises:
            QuotaExceeded: As :meth:`add`.
        """
        before = await self._one(group_id)
        uid = uid or before.uid
        if (before.format, before.text) == (form, text):
            return None
        await self._check(group_id, group)
        values = [self._owner_id, group_id, *_columns(uid, group, form, text)]
        [row] = await current_client().fetch(_CHANGE, values)
        await self._retag(group_id, before, group)
        return int(row["version"])

    async def delete(self, group_id: int) -> None:
        """Delete a group, and take its tag off its members."""
        before = await self._one(group_id)
        await current_client().fetch(_DELETE, [self._owner_id, group_id, now()])
        await self._retag(group_id, before, _NOBODY)

    async def _one(self, group_id: int) -> Group:
        [row] = await current_client().fetch(_ONE, [self._owner_id, group_id])
        return Group(*row)

    async def _check(self, group_id: int, group: SentGroup) -> None:
        [others] = await current_client().fetch(_ALL, [self._owner_id, group_id])
        too_many = others["groups"] >= MAX_GROUPS
        if too_many or others["members"] + len(group.members) > MAX_MEMBERS:
            raise QuotaExceeded("There are as many groups, or members of them, as there may be.")

    async def _retag(self, group_id: int, before: Group, after: SentGroup | Group) -> None:
        """Give members the title that they come to have, and take off the one before."""
        is_renamed = before.title != after.title
        stay = set() if is_renamed else set(before.members) & set(after.members)
        on = [uid for uid in after.members if uid not in stay] if after.title else []
        off = {uid for uid in before.members if uid not in stay} if before.title else set()
        off -= await self._also_listed(group_id, before.title) if off else set()
        change = _Retagging(before.title, off, after.title, set(on), self._region)
        for uids in _batches([*dict.fromkeys([*off, *on])]):
            wanted = [uid for member in uids for uid in uids_of(member)]
            rows = await current_client().fetch(_CONTACTS, [self._owner_id, wanted])
            if ids := [row["id"] for row in rows]:
                await bulk.rewrite(self._owner_id, ids, change, ChangedBy.SYNC)

    async def _also_listed(self, group_id: int, title: str) -> set[str]:
        """Return the members of other groups of the same title."""
        rows = await current_client().fetch(_TITLES, [self._owner_id])
        ids = [
            row["id"]
            for row in rows
            if row["id"] != group_id and tag_key(row["title"]) == tag_key(title)
        ]
        if not ids:
            return set()
        rows = await current_client().fetch(_MEMBERS, [self._owner_id, ids])
        return {uid for row in rows for uid in row["members"]}


@dataclass(frozen=True)
class _Retagging:
    """What becomes of the tags of contacts.

    Args:
        before: The tag that is taken off.
        off: Whom it is taken off.
        after: The tag that is given.
        on: Who is given it; there is no room for more than MAX_TAGS.
        region: See ContactRepository.
    """

    before: str
    off: Collection[str]
    after: str
    on: Collection[str]
    region: str | None

    def __call__(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the columns of a contact after it; None if its tags stay."""
        uid, tags = member_uid(row["uid"]), list(row["tags"])
        if uid in self.off:
            tags = [tag for tag in tags if tag_key(tag) != tag_key(self.before)]
        if uid in self.on:
            tags = with_titles(tags, [self.after])
        return of_change(row, {"tags": tags}, self.region, is_whole=False)


def with_titles(tags: Sequence[str], titles: Sequence[str]) -> list[str]:
    """Return tags with those of groups, as far as there is room for them."""
    return without_doubles([*tags, *titles])[:MAX_TAGS]


async def purge_tombstones(moment: datetime) -> int:
    """Remove up to BATCH tombstones that are TOMBSTONE_TTL old at a time; return how many."""
    before, count = moment - timedelta(seconds=TOMBSTONE_TTL), 0
    rows = await current_client().fetch(_DUE, [before])
    for owner_id, keys in by_owner((row["owner_id"], row["id"]) for row in rows).items():
        values = [owner_id, [group_id for (group_id,) in keys], before]
        count += (await current_client().fetch(_END_TOMBSTONES, values))[0]["count"]
    return count


def _columns(uid: str, group: SentGroup, form: Version, text: bytes) -> list[Any]:
    return [uid, group.title, list(group.members), form, text, now()]


def _batches(uids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield uids, few enough for the contacts of one transaction of bulk.py."""
    most = bulk.BATCH // 2  # each may be written in two ways
    for start in range(0, len(uids), most):
        yield uids[start : start + most]
