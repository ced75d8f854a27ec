"""Views of operations."""

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.operations import repository
from contactsvc.contacts.operations.schemas import OperationPageAnswer
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
