"""Says a program's part of a recorded conversation again, and compares the answers.

Ids, ETags and sync tokens are others each time. So what an answer names is put beside what the
recorded answer named at the same place, and the program's next requests name it as the service does
now.
"""

import base64
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import orjson
from aiohttp import ClientResponse, hdrs
from defusedxml.ElementTree import fromstring
from multidict import CIMultiDict

from tests.clients.conversation import BINARY, Exchange
from tests.conftest import Client

_DAV: Final = "{DAV:}"
_NAMED: Final = ("href", "getetag", "getctag", "sync-token")
_ADDRESS_DATA: Final = "{urn:ietf:params:xml:ns:carddav}address-data"

Shape = dict[str, list[tuple[str, list[str], str]]]
"""For each href its property groups: status, names, and the card."""


class Replay:
    """A conversation that goes on.

    Args:
        client: The service.
        headers: The Authorization headers by scheme, ``Basic`` and ``Bearer``.
    """

    def __init__(self, client: Client, headers: dict[str, str]) -> None:
        self._client = client
        self._headers = headers
        self._now: dict[str, str] = {}

    async def say(self, recorded: Exchange) -> None:
        """Send a recorded request and hold the answer against the recorded one."""
        headers = CIMultiDict(
            (name, self._translated(value)) for name, value in recorded.request.headers.items()
        )
        if scheme := headers.pop(hdrs.AUTHORIZATION, "").partition(" ")[0]:
            headers[hdrs.AUTHORIZATION] = self._headers[scheme]
        async with self._client.request(
            recorded.method,
            self._translated(recorded.path),
            headers=headers,
            data=_sent(self._translated(recorded.request.body)),
            allow_redirects=False,
            skip_auto_headers=(hdrs.CONTENT_TYPE, hdrs.ACCEPT),
        ) as answer:
            body = await answer.text()
            about = f"{recorded.method} {recorded.path}: {body}"
            assert answer.status == recorded.status, about
            self._learn(recorded, answer, body)
            if answer.status == 207:
                was = shape(self._translated(recorded.answer.body))
                assert shape(body) == was, about

    def _learn(self, recorded: Exchange, answer: ClientResponse, body: str) -> None:
        """Note what is called otherwise now."""
        pairs = zip(_names(recorded.answer.headers), _names(answer.headers), strict=True)
        self._now.update(pairs)
        pairs = zip(_texts(recorded.answer.body), _texts(body), strict=True)
        self._now.update(pairs)

    def _translated(self, text: str) -> str:
        """Return a text in which everything is called as it is now."""
        longest_first = sorted(self._now, key=len, reverse=True)
        if not longest_first:
            return text
        names = "|".join(
            re.escape(name) + (r"(?!\w)" if name[-1].isalnum() else "") for name in longest_first
        )
        return re.sub(names, lambda found: self._now[found[0]], text)


def _sent(body: str) -> bytes | None:
    """Return a recorded body as bytes."""
    if body.startswith(BINARY):
        return base64.b64decode(body.removeprefix(BINARY))
    return body.encode() or None


def _names(headers: Any) -> list[str]:
    """Return what the headers of an answer name."""
    location = urlsplit(headers.get(hdrs.LOCATION, "")).path
    return [each for each in (headers.get(hdrs.ETAG), location) if each]


def _texts(body: str) -> list[str]:
    """Return what the body of an answer names, in order."""
    if body.startswith("{"):
        return list(_paths(orjson.loads(body)))
    if not body.startswith("<"):
        return []
    return [
        element.text
        for element in fromstring(body.encode()).iter()
        if element.text and element.tag.rpartition("}")[2] in _NAMED and element.text.strip()
    ]


def _paths(value: Any) -> Iterator[str]:
    """Yield the paths of the contacts in a JSON document."""
    if isinstance(value, list):
        for each in value:
            yield from _paths(each)
    elif isinstance(value, dict):
        if "uid" in value:
            yield f"/api/contacts/{value['id']}"
        for each in value.values():
            yield from _paths(each)


def shape(body: str) -> Shape:
    """Return what a multistatus (RFC 4918, 14.16) says, but for values that time decides."""
    return {
        response.findtext(f"{_DAV}href", ""): sorted(_groups(response))
        for response in fromstring(body.encode()).iter(f"{_DAV}response")
    }


def _groups(response: Element) -> Iterator[tuple[str, list[str], str]]:
    if status := response.findtext(f"{_DAV}status"):
        yield status, [], ""
    for group in response.iter(f"{_DAV}propstat"):
        found = group.findall(f"{_DAV}prop/*")
        names = sorted(element.tag for element in found)
        cards = (element.text or "" for element in found if element.tag == _ADDRESS_DATA)
        yield group.findtext(f"{_DAV}status", ""), names, _timeless("".join(cards))


def _timeless(card: str) -> str:
    return re.sub(r"^REV[:;].*\n", "", card.replace("\r\n", "\n"), flags=re.MULTILINE)
