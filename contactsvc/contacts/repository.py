"""Queries of one owner's contacts: to read, search, page and change them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final, cast

from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError
from tortoise.queryset import QuerySet

from contactsvc.contacts import card_names
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.columns import of_any_release, of_change, of_new, to_database
from contactsvc.contacts.filter import ContactFilter, Found
from contactsvc.contacts.keys import older_uid
from contactsvc.contacts.model import ChangedBy, Contact
from contactsvc.contacts.orders import BY_BIRTHDAY, ORDERS, MonthDays
from contactsvc.contacts.rows import (
    DELETE,
    INSERT,
    MAX_VERSIONS,
    READ,
    TIMES,
    UPDATE,
    WRITTEN,
    ContactRow,
    check_version,
    public,
    public_of_record,
    refused,
)
from contactsvc.platform.clock import now
from contactsvc.platform.database.compiled import CompiledQuery
from contactsvc.platform.database.grouping import GroupedStatement
from contactsvc.platform.database.keysets import CompiledPages, Keyset, Page, Position
from contactsvc.platform.database.statements import current_client
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import (
    NotFound,
    PreconditionFailed,
    QuotaExceeded,
)


def _all_of(owner_id: int) -> QuerySet[Contact]:
    return Contact.filter(owner_id=owner_id)


# What is asked for most: pages without a filter, and one contact.
_PAGES: Final = {sort: CompiledPages(order, READ, _all_of) for sort, order in ORDERS.items()}
_ONE: Final = CompiledQuery(
    lambda owner_id, contact_id: _all_of(owner_id).filter(id=contact_id).limit(1).values(*WRITTEN)
)
_INSERT: Final = GroupedStatement(INSERT)

_EVERYTHING: Final = ContactFilter()
_ON_ONE_DAY: Final = Keyset(BY_BIRTHDAY.columns[1:])
_WITH_BIRTHDAY: Final = (*READ, *BY_BIRTHDAY.columns[:-1])

MAX_CONTACTS: Final = 100_000
"""The default quota: the most contacts of one owner."""


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
            sort: A key of ORDERS.
            limit: The most contacts on the page.
            after: The ``next_position`` of the page before; None for the first page.
        """
        if wanted == _EVERYTHING:
            page = await _PAGES[sort].page(self._owner_id, limit, after)
        else:
            found, order = Found(self._owner_id, wanted, self._region), ORDERS[sort]
            records = await current_client().fetch(*found.page(order, READ, limit + 1, after))
            page = order.page_of(records, limit)
        return page.map(partial(public_of_record, owner_id=self._owner_id))

    async def count(self, wanted: ContactFilter) -> int:
        """Return how many contacts match the filter."""
        if wanted == _EVERYTHING:
            return await self._all().count()
        rows = await _run(*Found(self._owner_id, wanted, self._region).count())
        return int(rows[0]["count"])

    async def get(self, contact_id: int) -> tuple[ContactRow, int]:
        """Return a contact and its version.

        Raises:
            NotFound: The owner has no such contact.
        """
        record = await _ONE.first(self._owner_id, contact_id)
        if record is None:
            raise NotFound
        return public_of_record(record, self._owner_id), record["version"]

    async def create(
        self, fields: Mapping[str, Any], by: ChangedBy = ChangedBy.API
    ) -> tuple[ContactRow, int]:
        """Store a new contact and return it with its version.

        Args:
            fields: Values of fields in DEFAULTS, and perhaps those others that :func:`of_new`
                takes; missing ones take their default.
            by: What adds it.

        Raises:
            ValidationFailed: It has no name of any kind, or a field contradicts its list.
            QuotaExceeded: The owner has as many contacts as the quota allows.
            Conflict: The owner has a contact with that uid.
            Unauthenticated: The owner's account has just been deleted.
        """
        columns = of_new(fields, self._region)
        if not fields.get("uid"):
            return await self._add(columns, by)  # neither its uid nor its name is anybody else's
        async with address_books.locked(self._owner_id):
            await card_names.settle(self._owner_id, [columns])
            return await self._add(columns, by)

    async def add(self, fields: Mapping[str, Any], by: ChangedBy) -> tuple[ContactRow, int]:
        """Do what :meth:`create` does for a contact whose uid and name are known to be nobody's.

        The book is locked since that was looked up.
        """
        return await self._add(of_new(fields, self._region), by)

    async def _add(self, columns: dict[str, Any], by: ChangedBy) -> tuple[ContactRow, int]:
        columns |= {"changed_by": by}
        columns |= dict.fromkeys(TIMES, now()) | dict.fromkeys(("version", "derived_version"), 1)
        values = [self._owner_id, self._max_contacts, *to_database(columns)]
        try:
            while (contact_id := await self._insert(values)) is None:
                # The quota is used up, or the book's count is not known yet.
                if await address_books.recount(self._owner_id) >= self._max_contacts:
                    raise QuotaExceeded
        except IntegrityError as error:
            raise refused(error) from error
        return public(columns | {"id": contact_id}, self._owner_id), 1

    async def _insert(self, values: Sequence[Any]) -> int | None:
        record = await _INSERT.run(self._owner_id, values)
        return cast(int | None, record["id"])

    async def change(
        self,
        contact_id: int,
        fields: Mapping[str, Any],
        versions: Collection[int] | None = None,
        unless: Collection[int] = (),
        *,
        is_whole: bool = False,
        by: ChangedBy = ChangedBy.API,
    ) -> tuple[ContactRow, int]:
        """Overwrite fields of a contact, keep the version before, and return it with its version.

        If no value differs, nothing is written and the version stays.

        Args:
            contact_id: The contact's id.
            fields: The new values of fields in DEFAULTS.
            versions: The versions that it may have; None allows any.
            unless: The versions that it may not have.
            is_whole: Whether the fields that are not given take their default.
            by: What changes it.

        Raises:
            NotFound: The owner has no such contact.
            PreconditionFailed: The version is not in ``versions``, or is in ``unless``.
            ValidationFailed: It would have no name of any kind, a field contradicts its list, or
                the uid is another one.
        """

        def changed(row: Mapping[str, Any]) -> dict[str, Any] | None:
            check_version(row["version"], versions, unless)
            return of_change(row, fields, self._region, is_whole=is_whole)

        return await self.rewrite(contact_id, changed, by)

    async def rewrite(
        self,
        contact_id: int,
        changed: Callable[[Mapping[str, Any]], dict[str, Any] | None],
        by: ChangedBy,
    ) -> tuple[ContactRow, int]:
        """Write what a function makes of a contact, keep the version before, and return it.

        Args:
            contact_id: The contact's id.
            changed: Returns the columns of this release after the change, None if nothing is to be
                written. It is called again if somebody else has changed the contact meanwhile.
            by: What changes it.

        Raises:
            NotFound: The owner has no such contact.
        """
        if (written := await self._rewrite(contact_id, changed, by)) is not None:
            return written
        async with transaction():  # somebody else was first, or the owner has no book yet
            await address_books.lock(self._owner_id)
            written = await self._rewrite(contact_id, changed, by)
            if written is None:
                raise RuntimeError("A contact was changed although its book was locked.")
            return written

    async def _rewrite(
        self,
        contact_id: int,
        changed: Callable[[Mapping[str, Any]], dict[str, Any] | None],
        by: ChangedBy,
    ) -> tuple[ContactRow, int] | None:
        """Return None if the contact was changed since it has been read."""
        record = await _ONE.first(self._owner_id, contact_id)
        if record is None:
            raise NotFound
        row = of_any_release(record, self._owner_id)
        columns = changed(row)
        if columns is None:
            return public_of_record(record, self._owner_id), row["version"]
        version, moment = row["version"] + 1, now()
        columns |= dict.fromkeys(("version", "derived_version"), version)
        columns |= {"updated_at": moment, "changed_by": by}
        values = [self._owner_id, contact_id, row["version"], moment, MAX_VERSIONS]
        if not await _run(UPDATE, [*values, *to_database(columns)]):
            return None
        return public(columns, self._owner_id), version

    async def delete(
        self,
        contact_id: int,
        versions: Collection[int] | None = None,
        unless: Collection[int] = (),
    ) -> None:
        """Move a contact into the trash; the arguments are those of :meth:`change`.

        Raises:
            NotFound: The owner has no such contact.
            PreconditionFailed: The version is not in ``versions``, or is in ``unless``.
        """
        admitted = None if versions is None else list(versions)
        uid = older_uid(self._owner_id, contact_id)
        values = [self._owner_id, contact_id, admitted, list(unless), now(), uid]
        if await _run(DELETE, values):
            return
        async with transaction():
            await address_books.lock(self._owner_id)  # the owner may have no book yet
            if not await _run(DELETE, values):
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
        rows = await order.rows(query, _WITH_BIRTHDAY, limit, after)
        return [
            {name: row[name] for name in BY_BIRTHDAY.columns} | public(row, self._owner_id)
            for row in rows
        ]


async def _run(statement: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    return list(await get_connection("default").execute_query_dict(statement, list(values)))
