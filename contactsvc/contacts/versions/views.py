"""Views of earlier versions of a contact."""

from typing import Any

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.schemas.answers import ContactAnswer
from contactsvc.contacts.schemas.queries import ContactPathSchema
from contactsvc.contacts.versions.repository import Version, VersionRepository
from contactsvc.contacts.versions.schemas import VersionPageAnswer, VersionPathSchema
from contactsvc.contacts.views import contact_answer, owner_of
from contactsvc.web.listing import Listing
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.paging import PageQuerySchema
from contactsvc.web.preconditions import precondition
from contactsvc.web.view import json_response


class VersionsView(AccountView):
    """The earlier versions of a contact."""

    @operation(
        tag="contacts",
        id="list_versions",
        summary="List earlier versions of a contact",
        description="The last 20, of those that were replaced within 90 days. Photos have no "
        "versions.",
        access=DATA,
        path=ContactPathSchema,
        query=PageQuerySchema,
        answers=[Answer(200, "The newest first", VersionPageAnswer)],
        problems=["not_found"],
    )
    async def get(self) -> web.Response:
        """Return a page of earlier versions."""
        listing = Listing(self)
        page = await _versions(self.request).page(
            self.path["contact_id"], listing.limit, listing.after
        )
        return json_response(listing.answer(page.map(self._shown)))

    def _shown(self, row: Version) -> dict[str, Any]:
        contact = contact_json(row.contact, self.url(""))
        return {"version": row.version, "at": row.at, "by": row.by, "contact": contact}


class RestoreVersionView(AccountView):
    """The way back to an earlier version."""

    @operation(
        tag="contacts",
        id="restore_version",
        summary="Restore an earlier version of a contact",
        description="Its values become a new version; uid and photo stay. Where no value differs, "
        "the ETag stays, too.",
        access=DATA,
        path=VersionPathSchema,
        answers=[Answer(200, "Restored", ContactAnswer, headers=["ETag"])],
        problems=["not_found", "precondition_failed"],
        request_headers=["If-Match", "If-None-Match"],
    )
    async def post(self) -> web.Response:
        """Give a contact the values that it had."""
        restored = await _versions(self.request).restore(
            self.path["contact_id"], self.path["version"], *precondition(self.request)
        )
        return contact_answer(self, *restored)


def _versions(request: web.Request) -> VersionRepository:
    return VersionRepository(*owner_of(request))
