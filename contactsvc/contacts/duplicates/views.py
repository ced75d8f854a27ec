"""Views of duplicates."""

from typing import Any

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.duplicates import service
from contactsvc.contacts.duplicates.repository import DuplicateRepository
from contactsvc.contacts.duplicates.schemas import DismissalSchema, DuplicatePageAnswer
from contactsvc.contacts.services import services_of
from contactsvc.web.listing import Listing
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.paging import PageQuerySchema
from contactsvc.web.view import json_response


class DuplicatesView(AccountView):
    """Contacts that may be the same person."""

    @operation(
        tag="contacts",
        id="list_duplicates",
        summary="List possible duplicates",
        description="Contacts with the same e-mail, the same number, or the same first and last "
        "name: case, accents and the order of words do not count, nor do nicknames. Each item has "
        "contacts that have all its reasons in common; a contact may be in several. Those that are "
        "told apart are in no item together. Nothing is merged by itself. A page ends after 200 "
        "contacts.",
        access=DATA,
        query=PageQuerySchema,
        answers=[Answer(200, "The likeliest first", DuplicatePageAnswer)],
    )
    async def get(self) -> web.Response:
        """Return a page of possible duplicates."""
        listing = Listing(self)
        with services_of(self.request.app).duplicate_searches.admit(self.user.id):
            page = await service.page(
                DuplicateRepository(self.user.id), listing.limit, listing.after
            )
        return json_response(listing.answer(page.map(self._shown)))

    def _shown(self, duplicate: service.Duplicate) -> dict[str, Any]:
        return {
            "ids": [contact["id"] for contact in duplicate.contacts],
            "contacts": [contact_json(row, self.url("")) for row in duplicate.contacts],
            "reasons": duplicate.reasons,
            "score": duplicate.score,
        }


class DismissalView(AccountView):
    """What tells contacts apart that look like duplicates."""

    @operation(
        tag="contacts",
        id="dismiss_duplicates",
        summary="Tell contacts apart",
        description="They are different people: no two of them are listed as duplicates any more, "
        "whatever becomes of them.",
        access=DATA,
        body=DismissalSchema,
        answers=[Answer(204, "Told apart from now on")],
        problems=["conflict"],
    )
    async def post(self) -> web.Response:
        """Tell contacts apart."""
        await DuplicateRepository(self.user.id).dismiss(self.body["ids"])
        return web.Response(status=204)
