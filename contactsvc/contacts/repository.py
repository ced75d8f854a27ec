"""Queries of one owner's contacts: to read, search, page and change them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.keys import changed_columns, is_change, sort_columns, with_keys
from contactsvc.contacts.model import Contact
from contactsvc.contacts.rows import COLUMNS, DEFAULTS, DELETE, INSERT, PUBLIC, TIMES, ContactRow
from contactsvc.platform.clock import now
from contactsvc.platform.database.compiled import CompiledQuery
from contactsvc.platform.database.grouping import GroupedStatement
from contactsvc.platform.database.keysets import CompiledPages, Keyset, Page, Position
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import NotFound, PreconditionFailed, QuotaExceeded, Unauthenticated

SORTS: Final[dict[str, tuple[str, ...]]] = {
    # The id comes last, so that no two rows have the same position.
    "last_name": ("last_name_sort", "id"),
    "first_name": ("first_name_sort", "id"),
    "created_at": ("created_at", "id"),
    "updated_at": ("updated_at", "id"),
}
"""The columns of each order by its name; each is an index of the table."""

BY_BIRTHDAY: Final = Keyset(("birthday_md", "last_name_sort", "id"))
"""The order of birthdays; an index of the table, too."""

_ORDERS: Final = {
    sign + name: Keyset(columns, descending=bool(sign))
    for name, columns in SORTS.items()
    for sign in ("", "-")
}


def _all_of(owner_id: int) -> QuerySet[Contact]:
    return Contact.filter(owner_id=owner_id)


# What is asked for most: pages without a filter, and one contact.
_PAGES: Final = {sort: CompiledPages(order, PUBLIC, _all_of) for sort, order in _ORDERS.items()}
_ONE: Final = CompiledQuery(
    lambda owner_id, contact_id: (
        _all_of(owner_id).filter(id=contact_id).limit(1).values(*PUBLIC, "version")
    )
)
_INSERT: Final = GroupedStatement(INSERT)

_EVERYTHING: Final = ContactFilter()
_ON_ONE_DAY: Final = Keyset(BY_BIRTHDAY.columns[1:])
_WITH_BIRTHDAY: Final = (*PUBLIC, *BY_BIRTHDAY.columns[:-1])

MAX_CONTACTS: Final = 100_000
"""The default quota: the most contacts of one owner."""


@dataclass(frozen=True)
class MonthDays:
    """A range of birthdays within a year, both ends included, each as month times 100 plus day.

    Args:
        low: The first month and day.
        high: The last month and day.
        is_one_day: Whether all are celebrated on the same day, so that only names order them.
    """

    low: int
    high: int
    is_one_day: bool = False

    def condition(self) -> Q:
        """Return the condition of a query."""
        if self.low == self.high:  # equality, so that the index yields one day's by name
            return Q(birthday_md=self.low)
        return Q(birthday_md__gte=self.low, birthday_md__lte=self.high)


class ContactRepository:
    """The contacts of one owner; nobody else's can be reached through it.

    Args:
        owner_id: The id of the user whose address book it is.
        region: The ISO 3166-1 alpha-2 code of the region that the owner's numbers without a country
            are read by; None leaves them as typed.
        max_contacts: The quota.
    """

    def __init__(
        self, owner_id: int, region: str | None = None, max_contacts: int = MAX_CONTACTS
    ) -> None:
        self._owner_id = owner_id
        self._region = region
        self._max_contacts = max_contacts

    def _all(self) -> QuerySet[Contact]:
        return _all_of(self._owner_id)

    async def page(
        self, wanted: ContactFilter, sort: str, limit: int, after: Position = None
    ) -> Page[ContactRow]:
        """Return up to ``limit`` contacts in one statement.

        Args:
            wanted: The filter.
            sort: A key of SORTS; with ``-`` before it, descending.
            limit: The most contacts on the page.
            after: The ``next_position`` of the page before; None for the first page.
        """
        if wanted == _EVERYTHING:
            page = await _PAGES[sort].page(self._owner_id, limit, after)
        else:
            query = self._all().filter(wanted.condition(self._region))
            page = await _ORDERS[sort].page(query, PUBLIC, limit, after)
        return cast(Page[ContactRow], page)

    async def count(self, wanted: ContactFilter) -> int:
        """Return how many contacts match the filter."""
        return await self._all().filter(wanted.condition(self._region)).count()

    async def get(self, contact_id: int) -> tuple[ContactRow, int]:
        """Return a contact and its version.

        Raises:
            NotFound: The owner has no such contact.
        """
        record = await _ONE.first(self._owner_id, contact_id)
        if record is None:
            raise NotFound
        row = dict(zip(PUBLIC, record, strict=False))  # the version comes last
        return cast(ContactRow, row), record["version"]

    async def create(self, fields: Mapping[str, Any]) -> tuple[ContactRow, int]:
        """Store a new contact and return it with its version.

        Args:
            fields: Values of the columns in DEFAULTS; missing ones take their default.

        Raises:
            QuotaExceeded: The owner has as many contacts as the quota allows.
            Unauthenticated: The owner's account has just been deleted.
        """
        columns = with_keys({**DEFAULTS, **fields}, self._region)
        columns |= sort_columns(columns) | dict.fromkeys(("version", "keys_version"), 1)
        columns |= dict.fromkeys(TIMES, now())
        values = [columns[name] for name in COLUMNS]
        try:
            while (contact_id := await self._insert(values)) is None:
                # The quota is used up, or the book's count is not known yet.
                if await address_books.recount(self._owner_id) >= self._max_contacts:
                    raise QuotaExceeded
        except IntegrityError as error:
            raise Unauthenticated from error
        columns["id"] = contact_id
        return cast(ContactRow, {name: columns[name] for name in PUBLIC}), 1

    async def _insert(self, values: Sequence[Any]) -> int | None:
        limited = (self._owner_id, self._max_contacts, *values)
        record = await _INSERT.run(self._owner_id, limited)
        return cast(int | None, record["id"])

    async def change(
        self,
        contact_id: int,
        fields: Mapping[str, Any],
        versions: Collection[int] | None = None,
        unless: Collection[int] = (),
    ) -> tuple[ContactRow, int]:
        """Overwrite the given fields of a contact and return it with its version.

        If no value differs, nothing is written and the version stays.

        Args:
            contact_id: The contact's id.
            fields: The new values by column; other columns keep theirs.
            versions: The versions that it may have; None allows any.
            unless: The versions that it may not have.

        Raises:
            NotFound: The owner has no such contact.
            PreconditionFailed: The version is not in ``versions``, or is in ``unless``.
        """
        async with transaction():
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
        """Remove a contact; the arguments are those of :meth:`change`.

        Raises:
            NotFound: The owner has no such contact.
            PreconditionFailed: The version is not in ``versions``, or is in ``unless``.
        """
        admitted = None if versions is None else list(versions)
        values = [self._owner_id, contact_id, admitted, list(unless)]
        if not await get_connection("default").execute_query_dict(DELETE, values):
            there = await self._all().filter(id=contact_id).exists()
            raise PreconditionFailed if there else NotFound

    async def with_birthday(
        self, born: MonthDays, limit: int, after: Position = None
    ) -> list[dict[str, Any]]:
        """Return up to ``limit`` contacts by birthday, and by name within a day.

        The rows have all columns of BY_BIRTHDAY, whose ``cut`` makes a page of them.

        Args:
            born: The range of birthdays.
            limit: The most rows.
            after: The ``next_position`` of the page before; None for the first page.
        """
        order = _ON_ONE_DAY if born.is_one_day else BY_BIRTHDAY
        if after is not None:
            after = after[-len(order.columns) :]
        query = self._all().filter(born.condition())
        return await order.rows(query, _WITH_BIRTHDAY, limit, after)


def _row(contact: Contact) -> ContactRow:
    return cast(ContactRow, {column: getattr(contact, column) for column in PUBLIC})
