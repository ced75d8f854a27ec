"""Whatever is sent to CardDAV, it is answered, and never by an error of the service's own."""

from random import Random
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

import pytest

from tests.conftest import Person
from tests.contacts.dav.support import Phone, multiget, propfind, query, sync, vcard
from tests.support.samples import samples

ELEMENTS = [
    *("d:propfind", "d:prop", "d:allprop", "d:propname", "d:include", "d:href", "d:sync-token"),
    *("d:sync-collection", "d:sync-level", "d:limit", "d:nresults", "d:propertyupdate", "d:set"),
    *("d:remove", "d:displayname", "d:getetag", "cs:me-card", "cs:getctag", "x"),
    "d:getcontentlength",
    *("card:addressbook-query", "card:addressbook-multiget", "card:filter", "card:prop-filter"),
    *("card:param-filter", "card:text-match", "card:is-not-defined", "card:address-data"),
    *("card:prop", "card:limit", "card:nresults"),
]  # fmt: skip
ATTRIBUTES = {
    "name": ["FN", "TEL", "TYPE", ""],
    "test": ["anyof", "allof", "x"],
    "collation": ["i;octet", "i;unicode-casemap", "x"],
    "match-type": ["equals", "contains", "starts-with", "ends-with", "x"],
    "negate-condition": ["yes", "no", "x"],
    "version": ["3.0", "4.0", "2.1"],
    "content-type": ["text/vcard", "text/plain"],
}
TEXTS = [
    *("", "1", "0", "-1", "Ada", "/dav/addressbooks/1/1/ada.vcf", "ada.vcf", "//x", "http://["),
    *("%00.vcf", "\u0490", "9" * 30, "a" * 2000, "urn:contactsvc:sync:AAAA", "?", "#", "%", ".."),
    "\u202e",
]
NAMESPACES = (
    'xmlns:d="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav"'
    ' xmlns:cs="http://calendarserver.org/ns/"'
)
GOOD = [propfind("d:getetag"), multiget("ada.vcf", "/x"), query(), sync(), sync(limit=1)]
HEADERS = {
    "Depth": ["0", "1", "infinity", "x", "\u00e9"],
    "If-Match": ["*", '"1-1"', "x", '"' + "a" * 2000 + '"', ""],
    "If-None-Match": ["*", 'W/"1-1"', "x", ","],
    "Content-Type": ["text/vcard", "text/xml", "x", "text/vcard; charset=x; version=9"],
    "Content-Encoding": ["gzip", "deflate", "x"],
    "Accept": ["text/vcard;version=4.0", "x", "*/*;q=0"],
    "Prefer": ["return=minimal", "x"],
    "Brief": ["t"],
}  # fmt: skip
METHODS = ["PROPFIND", "PROPPATCH", "REPORT", "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "MKCOL"]
ANSWERS = {200, 201, 204, 207, 304, 400, 403, 404, 405, 409, 412, 413, 415, 503}


class Fuzzer:
    """Makes requests up, the same ones each time."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def element(self, depth: int = 0) -> str:
        choose = self._random.choice
        name = choose(ELEMENTS)
        attributes = " ".join(
            f"{key}={quoteattr(choose(values))}"
            for key, values in ATTRIBUTES.items()
            if self._random.random() < 0.2
        )
        declared = NAMESPACES if depth == 0 else ""
        inner = "".join(self.element(depth + 1) for _ in range(self._random.randrange(4 - depth)))
        return f"<{name} {declared} {attributes}>{escape(choose(TEXTS))}{inner}</{name}>"

    def body(self) -> bytes:
        kind = self._random.random()
        if kind < 0.2:
            return vcard(self._random.choice(TEXTS), self._random.choice(TEXTS))
        text = self._random.choice(GOOD) if kind < 0.4 else self.element()
        for _ in range(self._random.randrange(3) if kind > 0.7 else 0):
            place = self._random.randrange(len(text))
            text = text[:place] + chr(self._random.randrange(0x250)) + text[place + 1 :]
        return text.encode()

    def path(self) -> str:
        name = quote(self._random.choice(TEXTS)) or "ada"
        book = "/dav/addressbooks/1/1/"
        known = ["/dav/", "/dav/principals/1/", "/dav/addressbooks/1/", book, f"{book}ada.vcf"]
        return self._random.choice([*known, f"{book}{name}.vcf", f"/dav/addressbooks/{name}/1/"])

    def headers(self) -> dict[str, str]:
        return {
            name: self._random.choice(values)
            for name, values in HEADERS.items()
            if self._random.random() < 0.2
        }

    def method(self) -> str:
        return self._random.choice(METHODS)


@pytest.mark.slow
async def test_made_up_requests_never_break_it(grace: Person, phone: Phone) -> None:
    fuzzer = Fuzzer(1)
    for _ in range(samples(300, 10_000)):
        method, path, body, headers = (
            fuzzer.method(),
            fuzzer.path(),
            fuzzer.body(),
            fuzzer.headers(),
        )
        async with await phone.client.request(
            method, path, data=body, headers=phone.credentials | headers, allow_redirects=False
        ) as response:
            assert response.status in ANSWERS, (method, path, body, headers, await response.text())
            await response.read()
    assert (await phone.one(phone.book, "d:displayname")).found
