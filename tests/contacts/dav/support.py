"""A program that speaks CardDAV with an app password, and what it reads out of answers."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import asyncpg
import pytest
from aiohttp import ClientResponse

from tests.conftest import Client, Person
from tests.contacts.dav.cards.support import card
from tests.support.app_passwords import add_app_password, basic

D, CARD, CS = "{DAV:}", "{urn:ietf:params:xml:ns:carddav}", "{http://calendarserver.org/ns/}"
NAMESPACES = (
    'xmlns:d="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav"'
    ' xmlns:cs="http://calendarserver.org/ns/"'
)
XML = "application/xml; charset=utf-8"
DATA, ETAG = f"{CARD}address-data", f"{D}getetag"

SIZES = pytest.mark.parametrize("size", [1, 2, 3, 100])
"""How many cards are read at a time, with the fixture ``small_pages``."""


@dataclass
class Told:
    """What a multistatus says of one resource.

    Args:
        href: Its URL.
        status: Its status, where it has one as a whole; else 0.
        found: The properties that it has, by name.
        missing: The names of those that it has not, with their status.
    """

    href: str
    status: int
    found: dict[str, Element]
    missing: dict[str, int]

    def text(self, name: str) -> str:
        return self.found[name].text or ""

    def hrefs(self, name: str) -> list[str | None]:
        return [each.text for each in self.found[name].iter(f"{D}href")]


def code(element: Element) -> int:
    line = element.findtext(f"{D}status")
    return int(line.split()[1]) if line else 0


def told(root: Element) -> dict[str, Told]:
    """Return what a multistatus says, by URL."""
    assert root.tag == f"{D}multistatus"
    answers = {}
    for response in root.iterfind(f"{D}response"):
        href = response.findtext(f"{D}href")
        assert href is not None
        assert href not in answers, href
        each = answers[href] = Told(href, code(response), {}, {})
        for propstat in response.iterfind(f"{D}propstat"):
            for element in propstat.iterfind(f"{D}prop/*"):
                if code(propstat) == 200:
                    each.found[element.tag] = element
                else:
                    each.missing[element.tag] = code(propstat)
    return answers


def token_of(root: Element) -> str:
    token = root.findtext(f"{D}sync-token")
    assert token
    return token


def props(*names: str) -> str:
    """Return the element of properties, by names with the prefixes of NAMESPACES."""
    return f"<d:prop>{''.join(f'<{name}/>' for name in names)}</d:prop>"


WITH_TEXT = props("d:getetag", "card:address-data")


def propfind(*names: str) -> str:
    return f"<d:propfind {NAMESPACES}>{props(*names)}</d:propfind>"


def multiget(*hrefs: str, asked: str = "") -> str:
    listed = "".join(f"<d:href>{href}</d:href>" for href in hrefs)
    asked = asked or props("d:getetag", "card:address-data")
    return f"<card:addressbook-multiget {NAMESPACES}>{asked}{listed}</card:addressbook-multiget>"


def query(content: str = "", asked: str = "") -> str:
    asked = asked or props("d:getetag")
    return f"<card:addressbook-query {NAMESPACES}>{asked}{content}</card:addressbook-query>"


def sync(token: str = "", limit: int | None = None, asked: str = "") -> str:
    most = "" if limit is None else f"<d:limit><d:nresults>{limit}</d:nresults></d:limit>"
    return (
        f"<d:sync-collection {NAMESPACES}><d:sync-token>{token}</d:sync-token>"
        f"<d:sync-level>1</d:sync-level>{most}{asked or props('d:getetag')}</d:sync-collection>"
    )


def vcard(uid: str, name: str = "Ada Lovelace", *lines: str, version: str = "3.0") -> bytes:
    return card(uid, *lines, version=version, name=name)


@dataclass
class Phone:
    """A program with an app password.

    Args:
        client: A client of the application.
        credentials: The headers by which it signs in.
        user_id: Whose address book it keeps.
    """

    client: Client
    credentials: dict[str, str]
    user_id: int = 1

    @property
    def home(self) -> str:
        return f"/dav/addressbooks/{self.user_id}/"

    @property
    def book(self) -> str:
        return f"{self.home}1/"

    def card(self, name: str) -> str:
        return f"{self.book}{name}.vcf"

    async def request(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Return the answer; of the names of headers, ``_`` is ``-``."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body.encode() if isinstance(body, str) else body
        data = None if content is None else BytesIO(content)  # aiohttp warns of much as bytes
        return await self.client.request(
            method, path, data=data, headers=self.credentials | sent, allow_redirects=False
        )

    async def multistatus(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> Element:
        response: ClientResponse = await self.request(
            method, path, body, **({"Content_Type": XML} | headers)
        )
        text = await response.text()
        assert response.status == 207, text
        assert response.headers["Content-Type"] == XML
        return fromstring(text)

    async def propfind(
        self, path: str, *names: str, depth: str = "0", **headers: str
    ) -> dict[str, Told]:
        body = propfind(*names)
        return told(await self.multistatus("PROPFIND", path, body, Depth=depth, **headers))

    async def one(self, path: str, *names: str) -> Told:
        """Return what PROPFIND with depth 0 tells."""
        [only] = (await self.propfind(path, *names)).values()
        return only

    async def report(self, body: str, **headers: str) -> dict[str, Told]:
        return told(await self.multistatus("REPORT", self.book, body, **headers))

    async def sync(self, token: str = "", **options: Any) -> tuple[dict[str, Told], str]:
        """Return what has changed since a token, and the new one."""
        root = await self.multistatus("REPORT", self.book, sync(token, **options))
        return told(root), token_of(root)

    async def put(self, name: str, card: bytes, **headers: str) -> ClientResponse:
        response: ClientResponse = await self.request(
            "PUT", self.card(name), card, **({"Content_Type": "text/vcard"} | headers)
        )
        return response


async def phone_of(person: Person, pg: asyncpg.Connection, scope: str = "write") -> Phone:
    """Give somebody a program that keeps their address book."""
    user_id = await pg.fetchval("SELECT id FROM users WHERE email = $1", person.email)
    password = await add_app_password(pg, user_id, scope=scope)
    return Phone(person.client, basic(person.email, password), user_id)


async def condition(response: ClientResponse, status: int) -> Element:
    """Return the only condition that an answer names."""
    text = await response.text()
    assert response.status == status, text
    assert response.content_type == "application/xml"
    [only] = fromstring(text)
    return only


async def add(person: Person, *uids: str) -> list[str]:
    """Add contacts with these uids, and return the URLs of their cards."""
    for uid in uids:
        await person.add_contact(uid=uid, first_name=uid)
    return [f"/dav/addressbooks/1/1/{uid}.vcf" for uid in uids]


async def change(person: Person, uid: str, **fields: Any) -> None:
    """Change a contact by REST, or delete it where no field is given."""
    listed = (await (await person.get("/api/contacts/")).json())["items"]
    [contact_id] = [each["id"] for each in listed if each["uid"] == uid]
    if fields:
        assert (await person.patch(f"/api/contacts/{contact_id}", json=fields)).status == 200
    else:
        assert (await person.delete(f"/api/contacts/{contact_id}")).status == 204
