"""Views of operations."""

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.operations import repository
from contactsvc.contacts.operations.schemas import (
    OperationPageAnswer,
    OperationPathSchema,
    UndoneAnswer,
)
from contactsvc.contacts.operations.service import undo
from contactsvc.contacts.services import ContactServices, services_of
from contactsvc.contacts.views import owner_of
from contactsvc.web.listing import Listing
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.paging import PageQuerySchema
from contactsvc.web.view import json_response


class OperationsView(AccountView):
    """The operations of the signed-in user."""

    @operation(
        tag="contacts",
        id="list_operations",
        summary="List imports, merges and batches",
        description="Those of the last 90 days, in keyset pages: next_cursor brings the next one.",
        access=DATA,
        query=PageQuerySchema,
        answers=[Answer(200, "The newest first", OperationPageAnswer)],
    )
    async def get(self) -> web.Response:
        """Return a page of operations."""
        listing = Listing(self)
        page = await repository.page(self.user.id, listing.limit, listing.after)
        return json_response(listing.answer(page))


class UndoView(AccountView):
    """The way back from an operation."""

    @property
    def services(self) -> ContactServices:
        """The services of the application."""
        return services_of(self.request.app)

    @operation(
        tag="contacts",
        id="undo_operation",
        summary="Undo an import, a merge or a batch",
        description="All of it at once, within 30 days: contacts that it has added go into the "
        "trash, those that it has changed get the values from before as a new version, those that "
        "it has deleted come back with their ids and uids. What has been changed or deleted since "
        "is kept as it is, and named, and so is a merged contact that alone has something by now. "
        "A photo that it has replaced does not come back; one that it has added goes. CardDAV "
        "groups list again whom a merge took off them.",
        access=DATA,
        path=OperationPathSchema,
        answers=[Answer(200, "Undone", UndoneAnswer)],
        problems=["not_found", "conflict", "quota_exceeded"],
    )
    async def post(self) -> web.Response:
        """Undo an operation."""
        operation_id = self.path["operation_id"]
        async with self.services.imports.turn():  # it may be as large as an import
            undone = await undo(*owner_of(self.request), operation_id, self.caller)
        return json_response(undone.as_answer())
