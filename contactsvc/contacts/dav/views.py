"""The resources of CardDAV: where clients begin, the user, the home, the book and its cards."""

from collections.abc import AsyncGenerator
from datetime import UTC
from email.utils import format_datetime
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from contactsvc.contacts.card_names import is_name
from contactsvc.contacts.dav.cards.card import Preconditions, PutResult, UidConflict
from contactsvc.contacts.dav.errors import Refused, forbidden
from contactsvc.contacts.dav.hrefs import ROOT
from contactsvc.contacts.dav.properties import CARD_TYPE, VERSIONS
from contactsvc.contacts.dav.property_changes import change_book, change_home
from contactsvc.contacts.dav.requests import Query, read_propertyupdate, read_report
from contactsvc.contacts.dav.resources import Kind, Resource
from contactsvc.contacts.dav.view import TIMEOUT, DavView, declared
from contactsvc.contacts.dav.xml.writer import href, response
from contactsvc.contacts.vcard.lines import MAX_CARD
from contactsvc.platform.errors import MalformedBody, NotFound, PayloadTooLarge, QuotaExceeded
from contactsvc.web.accept import Form, preferred
from contactsvc.web.bodies import read_body
from contactsvc.web.operation import PUBLIC, Answer, operation
from contactsvc.web.preconditions import entity_tags, is_known
from contactsvc.web.view import View

ANY_SIZE: Final = 2**40
"""Bytes of a body that the view itself refuses, to say why as CardDAV does."""
_FORMS: Final = tuple(Form(CARD_TYPE, version) for version in VERSIONS)
_CARD_TYPES: Final = frozenset(
    {CARD_TYPE, "text/x-vcard", "text/directory", "application/octet-stream"}
)
"""What a card may be sent as; the last one is what it is without Content-Type."""


class WellKnownView(View):
    """Where clients look first that know the host alone (RFC 6764, 5)."""

    async def _iter(self) -> web.StreamResponse:
        """Lead to the root, whatever the method: Thunderbird asks by PROPFIND."""
        return await self.get()

    @operation(
        tag="contacts",
        id="find_carddav",
        summary="Where CardDAV begins",
        access=PUBLIC,
        answers=[Answer(301, "At /dav/")],
        any_accept=True,
        any_query=True,
        needs_database=False,
        documented=False,
    )
    async def get(self) -> web.Response:
        """Lead to the root."""
        return web.Response(status=301, headers={hdrs.LOCATION: self._root})

    @property
    def _root(self) -> str:
        """The path of the root: behind whatever name the client has reached the service."""
        return f"{urlsplit(self.services.settings.public_url).path}{ROOT}"


class RootView(DavView):
    """Where clients begin."""

    @declared("find_root", "Properties of the root", 207)
    async def propfind(self) -> web.Response:
        """Tell the properties; above all ``current-user-principal``."""
        wanted, viewer = await self.wanted(), self.viewer
        self.depth()
        return self.told(Resource(Kind.ROOT, viewer.hrefs.root, viewer), wanted=wanted)


class PrincipalView(DavView):
    """The user (RFC 3744)."""

    @declared("find_principal", "Properties of the user", 207)
    async def propfind(self) -> web.Response:
        """Tell the properties; above all ``addressbook-home-set``."""
        wanted, viewer = await self.wanted(), self.viewer
        self.depth()
        return self.told(Resource(Kind.PRINCIPAL, viewer.hrefs.principal, viewer), wanted=wanted)


class HomeView(DavView):
    """What holds the user's address books."""

    @declared("find_address_books", "Properties of the address books", 207)
    async def propfind(self) -> web.Response:
        """Tell the properties of the home, and with depth 1 of its book."""
        wanted, viewer, depth = await self.wanted(), self.viewer, self.depth()
        book = await self.book()
        home = Resource(Kind.HOME, viewer.hrefs.home, viewer, book)
        inside = [Resource(Kind.BOOK, viewer.hrefs.book, viewer, book)] if depth else []
        return self.told(home, *inside, wanted=wanted)

    @declared("change_home", "Change properties of the home", 207)
    async def proppatch(self) -> web.Response:
        """Change the properties."""
        asked = await self.xml(read_propertyupdate)
        hrefs = self.viewer.hrefs
        return self.multistatus(response(hrefs.home, await change_home(self.user.id, asked, hrefs)))


class BookView(DavView):
    """The address book."""

    @declared("find_cards", "Properties of the address book", 207)
    async def propfind(self) -> web.StreamResponse:
        """Tell the properties of the book, and with depth 1 of its cards."""
        wanted, viewer, depth = await self.wanted(), self.viewer, self.depth()
        book = Resource(Kind.BOOK, viewer.hrefs.book, viewer, await self.book())
        if not depth:
            return self.told(book, wanted=wanted)

        async def inside() -> AsyncGenerator[str, None]:
            yield wanted.response(book)
            async for each in self.listing.all(wanted):
                yield each

        return await self.streamed(inside())

    @declared("report_cards", "Cards that are asked for, or have changed", 207)
    async def report(self) -> web.StreamResponse:
        """Tell of the cards. Depth does not matter: clients send 0, 1 or none."""
        asked = await self.xml(partial(read_report, is_brief=self.is_brief))
        responses = self.listing.report(asked)
        if not (isinstance(asked, Query) and asked.filter and asked.filter.tests):
            return await self.streamed(responses)
        with self.services.card_queries.admit(self.user.id):
            return await self.streamed(responses)

    @declared("change_book", "Change properties of the address book", 207)
    async def proppatch(self) -> web.Response:
        """Change the properties."""
        asked = await self.xml(read_propertyupdate)
        book = self.viewer.hrefs.book
        return self.multistatus(response(book, await change_book(self.user.id, asked)))


class CardView(DavView):
    """A card."""

    @property
    def _name(self) -> str:
        """The card's name.

        Raises:
            NotFound: No card could have it.
        """
        name = self.request.match_info["name"]
        if not is_name(name):
            raise NotFound
        return name

    @declared("find_card", "Properties of a card", 207)
    async def propfind(self) -> web.Response:
        """Tell the properties."""
        wanted, viewer = await self.wanted(), self.viewer
        self.depth()
        found = await self.cards.among([self._name], with_text=wanted.needs_text)
        if not found:
            raise NotFound
        href = viewer.hrefs.card(found[0].name)
        return self.told(Resource(Kind.CARD, href, viewer, card=found[0]), wanted=wanted)

    @declared("get_card", "A card", 200, 304)
    async def get(self) -> web.Response:
        """Return the card, in vCard 3.0 unless 4.0 is asked for."""
        accept = ",".join(self.request.headers.getall(hdrs.ACCEPT, ()))
        form = preferred(accept, _FORMS) if accept else None
        card = await self.cards.get(self._name, "4.0" if form == _FORMS[1] else "3.0")
        headers = {
            "ETag": card.etag,
            "Cache-Control": "private, no-cache",
            "Last-Modified": format_datetime(card.modified.astimezone(UTC), usegmt=True),
            "Vary": hdrs.ACCEPT,
        }
        if is_known(self.request, card.etag.strip('"')):
            return web.Response(status=304, headers=headers)
        return web.Response(
            body=card.text, headers=headers, content_type=CARD_TYPE, charset="utf-8"
        )

    @declared("put_card", "Add or change a card", 201, 204, body_limit=ANY_SIZE)
    async def put(self) -> web.Response:
        """Store a card; its ETag is told where it is kept as it was sent."""
        if self.request.content_type not in _CARD_TYPES:
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "<card:supported-address-data/>")
        if (self.request.content_length or 0) > MAX_CARD:
            raise _too_large()
        try:
            text = await read_body(self.request, MAX_CARD, TIMEOUT)
        except web.HTTPRequestEntityTooLarge as error:
            raise _too_large() from error
        stored = await self._stored(text)
        headers = {"ETag": stored.etag} if stored.etag else {}
        return web.Response(status=201 if stored.created else 204, headers=headers)

    async def _stored(self, text: bytes) -> PutResult:
        """Store a card; what it is refused for becomes a condition (RFC 6352, 6.3.2.1)."""
        try:
            return await self.cards.put(self._name, text, self._preconditions)
        except MalformedBody as error:
            raise forbidden("<card:valid-address-data/>") from error
        except PayloadTooLarge as error:
            raise _too_large() from error
        except QuotaExceeded as error:
            raise Refused(HTTPStatus.INSUFFICIENT_STORAGE, "<d:quota-not-exceeded/>") from error
        except UidConflict as error:
            other = href(self.viewer.hrefs.card(error.name))
            condition = f"<card:no-uid-conflict>{other}</card:no-uid-conflict>"
            raise Refused(HTTPStatus.CONFLICT, condition) from error

    @declared("delete_card", "Delete a card", 204)
    async def delete(self) -> web.Response:
        """Delete the card; a contact goes into the trash."""
        await self.cards.delete(self._name, self._preconditions)
        return web.Response(status=204)

    @property
    def _preconditions(self) -> Preconditions:
        unwanted = entity_tags(self.request, hdrs.IF_NONE_MATCH) or ()
        return Preconditions(
            entity_tags(self.request, hdrs.IF_MATCH),
            [each.removeprefix("W/") for each in unwanted],
        )


def _too_large() -> Refused:
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "<card:max-resource-size/>")
