"""One owner's contacts: how they are read, searched, paged and changed."""

import functools
import operator
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypedDict, cast

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from contactsvc.clock import now
from contactsvc.errors import NotFound, PreconditionFailed, Unauthenticated
from contactsvc.models import Contact
from contactsvc.repositories.contact_filter import ContactFilter
from contactsvc.repositories.contact_keys import changed_columns, is_change, with_keys

SORTS: Final[dict[str, tuple[str, ...]]] = {
    # The id comes last everywhere, so that no two rows stand at the same place.
    "last_name": ("last_name_key", "first_name_key", "id"),
    "first_name": ("first_name_key", "last_name_key", "id"),
    "created_at": ("created_at", "id"),
    "updated_at": ("updated_at", "id"),
}
"""The orders of a listing; each is an index of the table."""

PUBLIC: Final = (
    "id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "birthday",
    "notes",
    "created_at",
    "updated_at",
)
"""The columns that clients see, in their order."""

_TIMES: Final = ("created_at", "updated_at")


class ContactRow(TypedDict):
    """One contact as clients see it."""

    id: int
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    birthday: str | None
    notes: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Page:
    """Part of a listing.

    Args:
        rows: The contacts.
        next_position: Where the next page begins, None after the last one.
    """

    rows: list[ContactRow]
    next_position: list[Any] | None


class ContactRepository:
    """The contacts of one owner; nobody else's can be reached through it.

    Args:
        owner_id: The user whose address book it is.
        region: ISO 3166-1 alpha-2 of where the owner dials numbers without a country.
    """

    def __init__(self, owner_id: int, region: str | None = None) -> None:
        self._owner_id = owner_id
        self._region = region

    def _all(self) -> QuerySet[Contact]:
        return Contact.filter(owner_id=self._owner_id)

    async def page(
        self, wanted: ContactFilter, sort: str, limit: int, after: Sequence[Any] | None = None
    ) -> Page:
        """Return up to ``limit`` contacts in one statement.

        Args:
            wanted: Which contacts.
            sort: A key of SORTS; with ``-`` before it, from the last to the first.
            limit: Rows at the most.
            after: The ``next_position`` of the page before.
        """
        columns = SORTS[sort.removeprefix("-")]
        descending = sort.startswith("-")
        query = self._all().filter(wanted.condition(self._region))
        if after is not None:
            query = query.filter(_beyond(columns, _from_json(columns, after), descending))
        sign = "-" if descending else ""
        rows = (
            await query.order_by(*(sign + column for column in columns))
            .limit(limit + 1)
            .values(*PUBLIC, *(column for column in columns if column not in PUBLIC))
        )
        more = len(rows) > limit
        del rows[limit:]
        position = [rows[-1][column] for column in columns] if more else None
        for row in rows:
            for column in columns:
                if column not in PUBLIC:
                    del row[column]
        return Page(cast(list[ContactRow], rows), position)

    async def count(self, wanted: ContactFilter) -> int:
        """Return how many contacts there are on all pages together."""
        return await self._all().filter(wanted.condition(self._region)).count()

    async def get(self, contact_id: int) -> tuple[ContactRow, int]:
        """Return a contact and its version.

        Raises:
            NotFound: The owner has no such contact.
        """
        rows = await self._all().filter(id=contact_id).limit(1).values(*PUBLIC, "version")
        if not rows:
            raise NotFound
        version: int = rows[0].pop("version")
        return cast(ContactRow, rows[0]), version

    async def create(self, fields: Mapping[str, Any]) -> tuple[ContactRow, int]:
        """Store a new contact and return it with its version.

        Args:
            fields: Values of the writable columns; missing ones take their default.

        Raises:
            Unauthenticated: The owner's account was deleted a moment ago.
        """
        moment = now()
        columns = with_keys({"last_name": ""} | dict(fields), self._region)
        try:
            contact = await Contact.create(
                owner_id=self._owner_id,
                created_at=moment,
                updated_at=moment,
                version=1,
                keys_version=1,
                **columns,
            )
        except IntegrityError as error:
            raise Unauthenticated from error
        return _row(contact), contact.version

    async def change(
        self,
        contact_id: int,
        fields: Mapping[str, Any],
        versions: Collection[int] | None = None,
        unless: Collection[int] = (),
    ) -> tuple[ContactRow, int]:
        """Overwrite the given fields of a contact and return it with its version.

        A change that changes nothing is none: the version stays as it was.

        Args:
            contact_id: Which contact.
            fields: The new values; columns that are not named keep theirs.
            versions: The versions that the caller may have seen; None is any.
            unless: Versions at which it must not be.

        Raises:
            NotFound: The owner has no such contact.
            PreconditionFailed: The contact is at none of ``versions``, or at one of ``unless``.
        """
        async with in_transaction():
            contact = await self._all().filter(id=contact_id).select_for_update().get_or_none()
            if contact is None:
                raise NotFound
            if not (versions is None or contact.version in versions) or contact.version in unless:
                raise PreconditionFailed
            if not is_change(contact, fields):
                return _row(contact), contact.version
            version = contact.version + 1
            changes = changed_columns(contact, fields, self._region)
            changes |= {"version": version, "keys_version": version, "updated_at": now()}
            await self._all().filter(id=contact_id).update(**changes)
        return _row(contact.update_from_dict(changes)), contact.version

    async def delete(
        self,
        contact_id: int,
        versions: Collection[int] | None = None,
        unless: Collection[int] = (),
    ) -> None:
        """Remove a contact.

        Raises:
            NotFound: The owner has no such contact.
            PreconditionFailed: The contact is at none of ``versions``, or at one of ``unless``.
        """
        contact = wanted = self._all().filter(id=contact_id)
        if versions is not None:
            wanted = wanted.filter(version__in=list(versions))
        if unless:
            wanted = wanted.exclude(version__in=list(unless))
        if not await wanted.delete():
            raise PreconditionFailed if await contact.exists() else NotFound

    async def with_birthday(self, ranges: Sequence[tuple[int, int]]) -> list[ContactRow]:
        """Return the contacts whose birthday lies in one of ``ranges``.

        Args:
            ranges: Pairs of first and last ``month * 100 + day``, both included.
        """
        condition = functools.reduce(
            operator.or_, (Q(birthday_md__gte=low, birthday_md__lte=high) for low, high in ranges)
        )
        order = ("last_name_key", "first_name_key", "id")
        rows = await self._all().filter(condition).order_by(*order).values(*PUBLIC)
        return cast(list[ContactRow], rows)


def _row(contact: Contact) -> ContactRow:
    return cast(ContactRow, {column: getattr(contact, column) for column in PUBLIC})


def _beyond(columns: Sequence[str], position: Sequence[Any], descending: bool) -> Q:
    """Return the condition that a row stands after ``position``.

    In words of SQL it is ``(a, b, id) > (A, B, I)``, which Tortoise cannot say. The first column is
    compared once more by itself, so that PostgreSQL enters the index at that place.
    """
    beyond = "lt" if descending else "gt"
    (column, value), *rest = zip(columns, position, strict=True)
    condition = Q(**{f"{column}__{beyond}": value})
    if not rest:
        return condition
    tie = Q(**{column: value}) & _beyond(columns[1:], position[1:], descending)
    return Q(**{f"{column}__{beyond}e": value}) & (condition | tie)


def _from_json(columns: Sequence[str], position: Sequence[Any]) -> list[Any]:
    return [
        datetime.fromisoformat(value) if column in _TIMES else value
        for column, value in zip(columns, position, strict=True)
    ]
