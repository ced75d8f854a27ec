"""The base class of CardDAV's views, and how their operations are declared."""

from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import Any, Final, TypeVar
from xml.etree.ElementTree import Element

from aiohttp import hdrs, web

from contactsvc.accounts.app_passwords.model import AppPasswordScope
from contactsvc.accounts.keys import CURRENT_USER, SCOPE
from contactsvc.accounts.view import AccountView
from contactsvc.contacts.address_books.repository import BOOK_ID
from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.dav.errors import Refused, forbidden
from contactsvc.contacts.dav.hrefs import Hrefs
from contactsvc.contacts.dav.limits import MAX_XML
from contactsvc.contacts.dav.repository import read_book
from contactsvc.contacts.dav.requests import read_propfind
from contactsvc.contacts.dav.resources import Book, Resource, Viewer
from contactsvc.contacts.dav.selection import Selection
from contactsvc.contacts.dav.service import Listing, multistatus
from contactsvc.contacts.dav.sync_tokens import INVALID, SyncTokens, all_of
from contactsvc.contacts.dav.xml.reader import read_xml
from contactsvc.contacts.dav.xml.writer import MULTISTATUS, MULTISTATUS_END, error
from contactsvc.contacts.services import ContactServices, services_of
from contactsvc.platform.errors import MalformedBody, NotFound
from contactsvc.web.bodies import read_body
from contactsvc.web.operation import APP_PASSWORD, PUBLIC, Access, Answer, operation
from contactsvc.web.streams import streamed

CAPABILITIES: Final = "1, 3, access-control, addressbook, extended-mkcol"
"""What the resources comply with (RFC 4918, 10.1; RFC 6352, 6.1). There is no MKCOL; but Evolution
takes a server for one of CardDAV by this list."""
XML: Final = "application/xml"
TIMEOUT: Final = 60.0
"""Seconds within which a whole body must arrive."""

Handler = TypeVar("Handler", bound=Callable[..., Any])
Result = TypeVar("Result")


def declared(
    name: str,
    summary: str,
    *statuses: int,
    access: Access = APP_PASSWORD,
    body_limit: int | None = MAX_XML,
) -> Callable[[Handler], Handler]:
    """Declare an operation of CardDAV, as :func:`operation` does.

    Accept and the query are ignored, as clients send whatever they are used to. OpenAPI does not
    know the methods of WebDAV, so none is in the document; docs/reference/carddav.rst tells them.

    Args:
        name: Its id.
        summary: A heading of a few words.
        statuses: The statuses of its successful answers.
        access: Who may call it.
        body_limit: The most bytes of the body.
    """
    return operation(
        tag="contacts",
        id=name,
        summary=summary,
        access=access,
        body_limit=body_limit,
        answers=[Answer(status, summary) for status in statuses],
        any_accept=True,
        any_query=True,
        documented=False,
    )


class DavView(AccountView):
    """A resource of CardDAV, which its user alone can reach."""

    def __init_subclass__(cls) -> None:
        """Let each resource tell its methods; Evolution and DAVx5 ask before they sign in."""
        super().__init_subclass__()

        async def options(self: DavView) -> web.Response:
            allowed = ", ".join(self.allowed_methods())
            return web.Response(headers={"Allow": allowed, "DAV": CAPABILITIES})

        name = f"tell_methods_of_{cls.__name__}"
        declare = declared(name, "What the resource can do", 200, access=PUBLIC)
        cls.options = declare(options)  # type: ignore[attr-defined]

    async def _iter(self) -> web.StreamResponse:
        """Answer; a condition that is not met is told as XML.

        Raises:
            NotFound: It is somebody else's, or there is none.
        """
        try:
            if CURRENT_USER in self.request:
                self._check_path()
            return await super()._iter()
        except Refused as refused:
            body = error(refused.condition)
            return web.Response(status=self._status(refused), text=body, content_type=XML)

    def _status(self, refused: Refused) -> int:
        """Return the status of a refusal.

        Of a sync token that is not valid it is 403 (RFC 6578, 3.2), at which Thunderbird stops for
        ever: it begins anew at 400 alone.
        """
        is_thunderbird = "Thunderbird/" in self.request.headers.get(hdrs.USER_AGENT, "")
        return 400 if is_thunderbird and refused.condition == INVALID else refused.status

    def _check_path(self) -> None:
        asked, own = self.request.match_info, {"user_id": self.user.id, "book_id": BOOK_ID}
        if any(asked.get(name, str(value)) != str(value) for name, value in own.items()):
            raise NotFound

    @property
    def services(self) -> ContactServices:
        """The services of the application."""
        return services_of(self.request.app)

    @property
    def viewer(self) -> Viewer:
        """Who asks."""
        user, public_url = self.user, self.services.settings.public_url
        return Viewer(
            user_id=user.id,
            name=user.name or user.email,
            can_write=self.request[SCOPE] is AppPasswordScope.WRITE,
            hrefs=Hrefs(public_url, user.id, self.request.host),
        )

    @property
    def cards(self) -> Cards:
        """The cards of the user."""
        services, user = self.services, self.user
        region = user.region or services.settings.default_region
        return Cards(user.id, region, services.pictures, services.settings.max_contacts)

    @property
    def tokens(self) -> SyncTokens:
        """The sync tokens of the user's book."""
        return SyncTokens(self.services.cursors, self.user.id, BOOK_ID)

    @property
    def listing(self) -> Listing:
        """The answers about the cards of the user."""
        return Listing(self.cards, self.viewer, self.tokens)

    async def book(self) -> Book:
        """Return what is to be told of the user's book."""
        row = await read_book(self.user.id)
        return Book(row.name, row.seq, self.tokens.of(all_of(row.seq)), row.me)

    def depth(self) -> int:
        """Return the depth that is asked for, 0 or 1 (RFC 4918, 10.2).

        Without the header it would be infinity; clients that leave it out want what is in the
        resource.

        Raises:
            Refused: It is infinity.
            MalformedBody: It is none of these.
        """
        depth = self.request.headers.get("Depth", "1").strip().lower()
        if depth == "infinity":
            raise forbidden("<d:propfind-finite-depth/>")
        if depth not in ("0", "1"):
            raise MalformedBody("The header Depth is 0 or 1.")
        return int(depth)

    @property
    def is_brief(self) -> bool:
        """Whether properties that are missing are to be passed over (RFC 8144; Apple's Brief)."""
        headers = self.request.headers
        preferences = headers.get("Prefer", "").lower().replace(" ", "")
        return headers.get("Brief", "").lower() == "t" or "return=minimal" in preferences

    async def wanted(self) -> Selection:
        """Return what PROPFIND asks for."""
        return await self.xml(partial(read_propfind, is_brief=self.is_brief))

    async def xml(self, read: Callable[[Element | None], Result]) -> Result:
        """Return what is read out of the body.

        Args:
            read: Gets the root element of the body; None of an empty one.

        Raises:
            HTTPException: As :func:`read_body`.
            ServiceError: As :func:`read_xml`, and ``read``.
        """
        return await read_xml(await read_body(self.request, MAX_XML, TIMEOUT), read)

    def told(self, *resources: Resource, wanted: Selection) -> web.Response:
        """Return what is wanted of some resources."""
        content = "".join(map(wanted.response, resources))
        return self.multistatus(content)

    def multistatus(self, content: str) -> web.Response:
        """Return a multistatus (RFC 4918, 13)."""
        return web.Response(
            status=207,
            text=f"{MULTISTATUS}{content}{MULTISTATUS_END}",
            content_type=XML,
            headers={"DAV": CAPABILITIES},
        )

    async def streamed(self, responses: AsyncGenerator[str, None]) -> web.StreamResponse:
        """Send a multistatus while it is made, a few at a time of one user.

        Raises:
            Unavailable: Too many of the user's are under way.
        """
        async with self.services.card_lists.turn(self.user.id):
            pieces = multistatus(responses)
            headers = {"DAV": CAPABILITIES}
            return await streamed(self.request, pieces, XML, headers, "utf-8", status=207)
