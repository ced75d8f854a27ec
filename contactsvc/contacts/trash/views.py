"""Views of the trash."""

from operator import attrgetter
from typing import Any

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.page_size import bounded
from contactsvc.contacts.schemas.answers import ContactAnswer
from contactsvc.contacts.schemas.queries import ContactPathSchema
from contactsvc.contacts.trash.repository import Deleted, TrashRepository
from contactsvc.contacts.trash.schemas import TrashPageAnswer
from contactsvc.contacts.views import contact_answer, owner_of
from contactsvc.web.listing import Listing
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.paging import PageQuerySchema
from contactsvc.web.view import json_response


class TrashView(AccountView):
    """The trash."""

    @operation(
        tag="contacts",
        id="list_trash",
        summary="List deleted contacts",
        description="Those that can be restored, in keyset pages: next_cursor brings the next one.",
        access=DATA,
        query=PageQuerySchema,
        answers=[Answer(200, "The last deleted first", TrashPageAnswer)],
    )
    async def get(self) -> web.Response:
        """Return a page of deleted contacts."""
        listing = Listing(self)
        read = _trash(self.request).page
        page = await bounded(read, listing.limit, listing.after, attrgetter("contact"))
        return json_response(listing.answer(page.map(self._shown)))

    def _shown(self, row: Deleted) -> dict[str, Any]:
        return contact_json(row.contact, self.url(""), deleted_at=row.deleted_at)

    @operation(
        tag="contacts",
        id="empty_trash",
        summary="Empty the trash",
        description="Nothing in it can be restored any more. Who synchronises is still told that "
        "the contacts were deleted.",
        access=DATA,
        answers=[Answer(204, "Empty")],
    )
    async def delete(self) -> web.Response:
        """Remove all deleted contacts for good."""
        await _trash(self.request).empty()
        return web.Response(status=204)


class DeletedContactView(AccountView):
    """One contact in the trash."""

    @operation(
        tag="contacts",
        id="delete_deleted_contact",
        summary="Delete a contact for good",
        access=DATA,
        path=ContactPathSchema,
        answers=[Answer(204, "Gone")],
        problems=["not_found"],
    )
    async def delete(self) -> web.Response:
        """Remove a deleted contact for good."""
        await _trash(self.request).forget(self.path["contact_id"])
        return web.Response(status=204)


class RestoreView(AccountView):
    """The way of a contact out of the trash."""

    @operation(
        tag="contacts",
        id="restore_contact",
        summary="Restore a deleted contact",
        description="With its id, uid and photo, and a new ETag.",
        access=DATA,
        path=ContactPathSchema,
        answers=[Answer(200, "Restored", ContactAnswer, headers=["ETag"])],
        problems=["not_found", "quota_exceeded", "conflict"],
    )
    async def post(self) -> web.Response:
        """Put a deleted contact back into the address book."""
        restored = await _trash(self.request).restore(self.path["contact_id"])
        return contact_answer(self, *restored)


def _trash(request: web.Request) -> TrashRepository:
    return TrashRepository(*owner_of(request))
