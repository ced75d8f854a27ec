"""Views of the collection of contacts, and of one contact."""

import asyncio
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from aiohttp import hdrs, web

from contactsvc.accounts.keys import CURRENT_USER
from contactsvc.accounts.services import services_of
from contactsvc.accounts.view import AccountView
from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.page_size import bounded
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import ContactRow
from contactsvc.contacts.schemas.answers import ContactAnswer, ContactPageAnswer
from contactsvc.contacts.schemas.bodies import (
    ContactPatchSchema,
    ContactReplacementSchema,
    ContactSchema,
)
from contactsvc.contacts.schemas.limits import MAX_BYTES
from contactsvc.contacts.schemas.queries import ContactPathSchema, ContactQuerySchema
from contactsvc.contacts.transfer.exports import repository as exports
from contactsvc.contacts.transfer.exports.service import AS_CARD, CARDS, card
from contactsvc.contacts.vcard.writer import Version
from contactsvc.platform.errors import ValidationFailed
from contactsvc.web.accept import Form, chosen
from contactsvc.web.listing import CursorScope, Listing
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.preconditions import is_known, precondition, validators
from contactsvc.web.schemas import JSON
from contactsvc.web.view import View, json_response

_FORMS: Final = (Form(JSON), *CARDS)
_VARY: Final = {"Vary": hdrs.ACCEPT}
_PATH: Final = "/api/contacts/"
_IN_0_1_0: Final = ("sort", "q", "first_name", "last_name", "email")
_BY_TIME: Final = CursorScope("contacts", values_of=_IN_0_1_0)
# Version 0.1.0 sorted names differently, so its cursors are refused here.
_BY_NAME: Final = CursorScope("contacts-by-name", values_of=_IN_0_1_0)


def owner_of(request: web.Request) -> tuple[int, str | None, int]:
    """Return what repositories are made of: the signed-in user's id, region and quota."""
    user, settings = request[CURRENT_USER], services_of(request.app).settings
    return user.id, user.region or settings.default_region, settings.max_contacts


def contacts_of(request: web.Request) -> ContactRepository:
    """Return the repository of the signed-in user's contacts."""
    return ContactRepository(*owner_of(request))


def contact_answer(
    view: View,
    row: ContactRow,
    version: int,
    *,
    status: int = 200,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> web.Response:
    """Return a contact as JSON, with its ETag and further headers."""
    contact = contact_json(row, view.url(""))
    return json_response(contact, status, {**validators(version), **headers})


class ContactsView(AccountView):
    """The collection of contacts."""

    @operation(
        tag="contacts",
        id="list_contacts",
        summary="List and search contacts",
        description="In keyset pages: next_cursor, or the Link header, brings the next one. "
        "A page of very large contacts has fewer than limit. "
        "Case, accents, width and the shapes of apostrophes and hyphens do not count, and no "
        "character is special. A word of digits is compared with the digits of the phones.",
        access=DATA,
        query=ContactQuerySchema,
        answers=[Answer(200, "A page", ContactPageAnswer, headers=["Link"])],
    )
    async def get(self) -> web.Response:
        """Return a page of contacts."""
        sort = self.query["sort"]
        scope = _BY_NAME if "name" in sort else _BY_TIME
        listing = Listing(self, free=["include_total"], scope=scope)
        contacts, wanted = contacts_of(self.request), ContactFilter(**listing.filters)
        page = await bounded(
            lambda *part: contacts.page(wanted, sort, *part), listing.limit, listing.after
        )
        answer = listing.answer(page.map(partial(contact_json, base_url=self.url(""))))
        if self.query["include_total"]:
            answer["total"] = await contacts.count(wanted)
        link = listing.link(self.url(_PATH), answer["next_cursor"])
        return json_response(answer, headers={"Link": link})

    @operation(
        tag="contacts",
        id="create_contact",
        summary="Add a contact",
        access=DATA,
        body=ContactSchema,
        body_limit=MAX_BYTES,
        answers=[Answer(201, "Added", ContactAnswer, headers=["Location", "ETag"])],
        problems=["quota_exceeded"],
        idempotency_key=True,
    )
    async def post(self) -> web.Response:
        """Add a contact."""
        row, version = await contacts_of(self.request).create(self.body)
        headers = {"Location": self.url(f"{_PATH}{row['id']}")}
        return contact_answer(self, row, version, status=201, headers=headers)


class ContactView(AccountView):
    """One contact."""

    @operation(
        tag="contacts",
        id="get_contact",
        summary="Read a contact",
        description="As JSON, or as a vCard with its photo: `Accept: text/vcard`, 4.0 or with "
        "`;version=3.0`. Each form has an ETag of its own.",
        access=DATA,
        path=ContactPathSchema,
        answers=[
            Answer(
                200,
                "The contact",
                ContactAnswer,
                headers=["ETag"],
                others={CARDS[0].media_type: AS_CARD},
            ),
            Answer(304, "Not changed since", headers=["ETag"]),
        ],
        problems=["not_found"],
        request_headers=["If-None-Match"],
        media_types=[JSON, CARDS[0].media_type],
    )
    async def get(self) -> web.Response:
        """Return a contact; 304 if If-None-Match names its version."""
        contact_id, form = self.path["contact_id"], chosen(self.request, _FORMS)
        if form in CARDS:
            return await self._card(contact_id, form)
        row, version = await contacts_of(self.request).get(contact_id)
        if is_known(self.request, version):
            return web.Response(status=304, headers=validators(version) | _VARY)
        return contact_answer(self, row, version, headers=_VARY)

    async def _card(self, contact_id: int, form: Form) -> web.Response:
        contact = await exports.one(self.request[CURRENT_USER].id, contact_id)
        version = f"{contact.version}-vcard-{form.version}"
        headers = validators(version) | _VARY
        if is_known(self.request, version):
            return web.Response(status=304, headers=headers)
        headers["Content-Type"] = f"{form.media_type}; charset=utf-8"
        # A contact may keep a thousand long lines of a file, which take a tenth of a second.
        wanted: Version = "3.0" if form.version == "3.0" else "4.0"
        written = await asyncio.to_thread(card, contact, wanted)
        return web.Response(body=written, headers=headers)

    @operation(
        tag="contacts",
        id="replace_contact",
        summary="Replace a contact",
        description="A field that is missing takes its default. What only the service sets may be "
        "sent back, and is ignored.",
        access=DATA,
        path=ContactPathSchema,
        body=ContactReplacementSchema,
        body_limit=MAX_BYTES,
        answers=[Answer(200, "Replaced", ContactAnswer, headers=["ETag"])],
        problems=["not_found", "precondition_failed"],
        request_headers=["If-Match", "If-None-Match"],
    )
    async def put(self) -> web.Response:
        """Overwrite every field of a contact."""
        return await self._change(is_whole=True)

    @operation(
        tag="contacts",
        id="update_contact",
        summary="Change a contact",
        description="A merge patch (RFC 7396): null clears, absent keeps. One that changes nothing "
        "keeps the ETag. What only the service sets may be sent back, and is ignored.",
        access=DATA,
        path=ContactPathSchema,
        body=ContactPatchSchema,
        body_limit=MAX_BYTES,
        answers=[Answer(200, "Changed", ContactAnswer, headers=["ETag"])],
        problems=["not_found", "precondition_failed"],
        request_headers=["If-Match", "If-None-Match"],
    )
    async def patch(self) -> web.Response:
        """Overwrite some fields of a contact."""
        return await self._change()

    @operation(
        tag="contacts",
        id="delete_contact",
        summary="Delete a contact",
        access=DATA,
        path=ContactPathSchema,
        answers=[Answer(204, "Deleted")],
        problems=["not_found", "precondition_failed"],
        request_headers=["If-Match", "If-None-Match"],
    )
    async def delete(self) -> web.Response:
        """Remove a contact."""
        contact_id = self.path["contact_id"]
        await contacts_of(self.request).delete(contact_id, *precondition(self.request))
        return web.Response(status=204)

    async def _change(self, *, is_whole: bool = False) -> web.Response:
        contact_id, fields = self.path["contact_id"], dict(self.body)
        if fields.pop("id", contact_id) != contact_id:
            raise ValidationFailed.of("/id", "Not the id in the path.")
        contacts = contacts_of(self.request)
        wanted = precondition(self.request)
        changed = await contacts.change(contact_id, fields, *wanted, is_whole=is_whole)
        return contact_answer(self, *changed)
