"""Measures what a program costs that keeps a copy of an address book by CardDAV.

``make bench-carddav`` fills books of 100, 10,000 and 100,000 contacts. It prints the CPU of a first
sync, and for each book that of a sync where nothing, or one contact, has changed, with the pages
that PostgreSQL looks at for it. The last two should not grow with the book. CPU is that of the
service's one process and no other's. It ends with 1 where a promise was not kept.
"""

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from typing import Any, Final, TypeVar

import asyncpg
from yarl import URL

from benchmarks import databases
from benchmarks.contestants import Contestants, contestants
from benchmarks.copies import add_books
from benchmarks.promises import Report
from benchmarks.server import Server, run
from contactsvc.contacts.dav.cards import repository
from tests.support.app_passwords import add_app_password, basic, bearer

SIZES: Final = (100, 10_000, 100_000)
FIRST: Final = 10_000
"""Contacts of the book whose first sync has a promise."""
SECONDS: Final = 10.0
"""CPU that a first sync may take."""
GROWTH: Final = 1.5
"""The largest book may cost so many times what the smallest does."""
REPEATS: Final = 100
AT_ONCE: Final = 100
"""Cards that programs ask for by one multiget."""

_NAMESPACES: Final = 'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"'
_WITH_TEXT: Final = "<prop><getetag/><c:address-data/></prop>"
_LIST: Final = f"<propfind {_NAMESPACES}><prop><getetag/></prop></propfind>"
_TOKEN: Final = re.compile(rb"<d:sync-token>(.*?)</d:sync-token>")
_CARD: Final = re.compile(r"<d:href>([^<]*\.vcf)</d:href>")

Result = TypeVar("Result")


@dataclass(frozen=True)
class Book:
    """An address book.

    Args:
        size: How many contacts it has.
        user_id: Its owner.
        email: The owner's.
        password: An app password of the owner's.
        contact_id: One of its contacts.
    """

    size: int
    user_id: int
    email: str
    password: str
    contact_id: int

    @property
    def path(self) -> str:
        """Its URL."""
        return f"/dav/addressbooks/{self.user_id}/1/"


async def books(url: str, owner: int, sizes: Sequence[int]) -> list[Book]:
    """Make books of copies of an owner's contacts."""
    users = await add_books(url, owner, sizes)
    connection = await asyncpg.connect(url)
    try:
        return [
            Book(
                size,
                user_id,
                email,
                await add_app_password(connection, user_id),
                await connection.fetchval(
                    "SELECT max(id) FROM contacts WHERE owner_id = $1", user_id
                ),
            )
            for size, (user_id, email) in zip(sizes, users, strict=True)
        ]
    finally:
        await connection.close()


async def pages_of_a_change(url: str, owner: int) -> int:
    """Return how many pages PostgreSQL looks at to find the last change of a book."""
    connection = await asyncpg.connect(url)
    try:
        seq = await connection.fetchval("SELECT seq FROM address_books WHERE owner_id = $1", owner)
        told = await connection.fetchval(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {repository._CHANGES}",  # noqa: SLF001
            *(owner, seq - 1, repository._MAX_ID, seq - 1, 101),  # noqa: SLF001
        )
    finally:
        await connection.close()
    plan = json.loads(told)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


class Program:
    """A program that syncs one book.

    Args:
        server: The service.
        book: The book.
    """

    def __init__(self, server: Server, book: Book) -> None:
        address = URL(server.url)
        self._connection = HTTPConnection(address.host or "", address.port, timeout=300)
        self._book = book
        self._process = server.process

    def ask(self, method: str, body: str, headers: dict[str, str]) -> bytes:
        """Return the body of an answer about the book."""
        path = self._book.path
        if method == "PATCH":
            path = f"/api/contacts/{self._book.contact_id}"
        self._connection.request(method, path, body.encode(), headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 207):
            sys.exit(f"{method} {path} was answered with {answer.status}: {content!r}")
        return content

    def dav(self, method: str, body: str) -> bytes:
        """Return the body of an answer by CardDAV."""
        signed_in = basic(self._book.email, self._book.password)
        return self.ask(method, body, {"Content-Type": "application/xml", **signed_in})

    def sync(self, token: str = "") -> tuple[bytes, str]:
        """Return what has changed since a token, and the next one."""
        content = self.dav(
            "REPORT",
            f"<sync-collection {_NAMESPACES}><sync-token>{token}</sync-token>"
            f"<sync-level>1</sync-level>{_WITH_TEXT}</sync-collection>",
        )
        match = _TOKEN.search(content)
        assert match is not None
        return content, match[1].decode()

    def list_and_get(self) -> int:
        """List all cards, read them AT_ONCE at a time, and return how many they were."""
        hrefs = _CARD.findall(self.dav("PROPFIND", _LIST).decode())
        for start in range(0, len(hrefs), AT_ONCE):
            wanted = "".join(f"<href>{href}</href>" for href in hrefs[start : start + AT_ONCE])
            name = "c:addressbook-multiget"
            self.dav("REPORT", f"<{name} {_NAMESPACES}>{_WITH_TEXT}{wanted}</{name}>")
        return len(hrefs)

    def change(self, number: int) -> None:
        """Change a contact by REST."""
        headers = {"Content-Type": "application/json", **bearer(self._book.password)}
        self.ask("PATCH", json.dumps({"notes": f"changed {number}"}), headers)

    def cpu(self, what: Callable[[], Result]) -> tuple[float, Result]:
        """Return the seconds of CPU that the service needs for something, and what that returns."""
        before = self._process.cpu
        result = what()
        return self._process.cpu - before, result


def first_sync(program: Program, size: int, report: Report) -> None:
    """Measure how a program gets all cards, both ways that there are."""
    begin = time.perf_counter()
    cpu, (content, _) = program.cpu(program.sync)
    wall = time.perf_counter() - begin
    found = len(_CARD.findall(content.decode()))
    assert found == size, found
    what = f"first sync of {size:,}, {len(content) / 1e6:.0f} MB in {wall:.1f} s: CPU"
    report.add(what, cpu, SECONDS)
    cpu, found = program.cpu(program.list_and_get)
    assert found == size, found
    report.add(f"listed, then read {AT_ONCE} at a time: CPU", cpu, SECONDS)


def later_syncs(program: Program) -> tuple[float, float]:
    """Return the CPU of a sync where nothing has changed, and of one where one contact has."""
    _, token = program.sync()

    def idle() -> None:
        for _ in range(REPEATS):
            assert program.sync(token)[1] == token

    idle()
    of_none, of_one = program.cpu(idle)[0], 0.0
    for number in range(REPEATS):
        program.change(number)
        cpu, (content, token) = program.cpu(partial(program.sync, token))
        assert content.count(b"<d:response>") == 1
        of_one += cpu
    return of_none / REPEATS, of_one / REPEATS


def measure(both: Contestants, sizes: Sequence[int], report: Report) -> None:
    """Measure the service with books of all sizes."""
    assert both.user is not None
    url = both.databases.postgresql
    made = asyncio.run(books(url, both.user["id"], sizes))
    found: list[tuple[float, float]] = []
    with both.service(sync_limit="1000000/second") as server:
        for book in made:
            program = Program(server, book)
            if book.size == FIRST:
                first_sync(program, FIRST, report)
            found.append(later_syncs(program))
            pages = asyncio.run(pages_of_a_change(url, book.user_id))
            none, one = (seconds * 1000 for seconds in found[-1])
            print(f"{book.size:,} contacts: {none:.2f} ms of CPU if nothing has changed,"
                  f" {one:.2f} ms if one has, which is found in {pages} pages")  # fmt: skip
    largest = f"{sizes[-1]:,} contacts, as a multiple of {sizes[0]:,}"
    for name, first, last in zip(("nothing", "one"), found[0], found[-1], strict=True):
        report.add(f"{largest}: {name} has changed", last / first, GROWTH, "")


def main() -> None:
    """Measure syncs."""
    parser = argparse.ArgumentParser(description=__doc__)
    databases.add_arguments(parser)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="rising")
    given: Any = parser.parse_args()
    with contestants(given) as both:
        report = Report()
        report.begin()
        measure(both, given.sizes, report)
    if report.missed:
        sys.exit(f"{len(report.missed)} promises were not kept.")


if __name__ == "__main__":
    run(main)
