"""Measures an import and an export: contacts a second, CPU, memory, and how long others wait.

``python -m benchmarks.imports``, or ``make bench-import``.
"""

import argparse
import asyncio
import gc
import os
import resource
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from tortoise.connection import get_connection
from yarl import URL

from benchmarks import machine
from benchmarks.databases import DATABASE_URL, execute
from contactsvc.contacts.transfer.exports.service import Export, Format
from contactsvc.contacts.transfer.service import Importer, ImportOptions
from contactsvc.contacts.transfer.writing import OnDuplicate
from contactsvc.platform import memory
from contactsvc.platform.caller import Caller
from contactsvc.platform.database import database, migrations
from contactsvc.platform.storage.pictures import Pictures

QUOTA: Final = 1_000_000
USER: Final = (
    "INSERT INTO users (email, email_key, name, name_key, password_hash, role, confirmed,"
    " is_active, auth_version, version, created_at) VALUES ('a@example.com', 'a@example.com',"
    " '', '', 'x', 'user', true, true, 1, 1, now()) RETURNING id"
)
_TICK: Final = 0.001


def cards(count: int) -> bytes:
    """Return a file of different people, as a phone writes it."""
    return b"".join(_card(number) for number in range(count))


def table(count: int) -> bytes:
    """Return the same people as CSV."""
    lines = [b"First name,Last name,Company,E-mail,Mobile phone,Birthday,Notes\r\n"]
    lines += [
        b"Ada %d,Lovelace %d,Society %d,ada.%d@example.com,+4420794%05d,1815-12-10,met %d\r\n"
        % (n % 977, n // 977, n % 50, n, n % 100_000, n)
        for n in range(count)
    ]
    return b"".join(lines)


def _card(n: int) -> bytes:
    return (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iPhone OS 17.0//EN\r\n"
        b"N:Lovelace %d;Ada %d;;;\r\nFN:Ada %d Lovelace %d\r\nORG:Society %d;\r\n"
        b"EMAIL;type=INTERNET;type=HOME;type=pref:ada.%d@example.com\r\n"
        b"EMAIL;type=INTERNET;type=WORK:ada.%d@example.org\r\n"
        b"TEL;type=CELL;type=VOICE;type=pref:+4420794%05d\r\n"
        b"ADR;type=HOME;type=pref:;;%d Dorset Street;London;;W1U 6SG;United Kingdom\r\n"
        b"BDAY:1815-12-10\r\nNOTE:met %d\\, in London\r\nUID:uid-%d\r\nEND:VCARD\r\n"
        % (n // 977, n % 977, n % 977, n // 977, n % 50, n, n, n % 100_000, n, n, n)
    )


@dataclass
class Watch:
    """How long the event loop was held at most, in seconds of CPU, as others may use the cores."""

    longest: float = 0.0


@asynccontextmanager
async def watched() -> AsyncIterator[Watch]:
    """Watch the event loop while the block runs."""
    watch = Watch()

    async def tick() -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(_TICK)
            moment = time.thread_time()
            watch.longest = max(watch.longest, moment - before)
            before = moment

    task = asyncio.create_task(tick())
    try:
        yield watch
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class Waiting:
    """How long the book is locked: from the first batch that is written to the end."""

    def __init__(self) -> None:
        self.since = 0.0

    def progress(self, done: int, of: int) -> None:
        """Note when writing begins."""
        if of and not self.since:
            self.since = time.perf_counter()


async def measure(
    name: str, content: bytes, owner: int, pictures: Pictures, how: OnDuplicate
) -> None:
    """Import a file and print what it took."""
    waiting = Waiting()
    importer = Importer(owner, QUOTA, pictures, Caller(), None)
    options = ImportOptions(on_duplicate=how, region="GB")
    wall, cpu = time.perf_counter(), time.process_time()
    async with watched() as watch:
        report = await importer.run_file(BytesIO(content), options, waiting.progress)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    locked = wall and time.perf_counter() - waiting.since
    told = f"{report.created} created, {report.updated} updated, {report.skipped} skipped"
    _tell(name, report.total, wall, cpu, f"{told}; locked {locked:.1f} s; ", watch.longest)


async def measure_export(owner: int, form: Format) -> None:
    """Export all contacts and print what it took."""
    export = Export(owner_id=owner, region="GB", base_url="https://example.com", format=form)
    wall, cpu, done = time.perf_counter(), time.process_time(), 0

    def progress(count: int) -> None:
        nonlocal done
        done = count

    async with watched() as watch:
        size = sum([len(piece) async for piece in export.pieces(progress)])
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    _tell(f"export {form}", done, wall, cpu, f"{size / 1e6:.1f} MB; ", watch.longest)


def _tell(name: str, count: int, wall: float, cpu: float, more: str, longest: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{name}: {count / wall:,.0f}/s, {cpu / count * 1e6:.0f} us of CPU each; {more}"
        f"event loop held {longest * 1000:.0f} ms at most; {peak} MB of memory so far"
    )


async def run(url: str, count: int) -> None:
    """Measure in a database of its own."""
    await migrations.migrate(url)
    pictures = Pictures()
    gc.freeze()  # as the service does at its start
    files: tuple[tuple[str, Callable[[int], bytes]], ...] = (("vCard", cards), ("CSV", table))
    async with database(url, pool_size=2):
        for name, make in files:
            rows = await get_connection("default").execute_query_dict(USER)
            owner, content = rows[0]["id"], make(count)
            await measure(name, content, owner, pictures, OnDuplicate.SKIP)
            for how in (OnDuplicate.SKIP, OnDuplicate.UPDATE):
                await measure(f"{name} again, {how}", content, owner, pictures, how)
            if make is cards:
                for form in Format:
                    await measure_export(owner, form)
            await get_connection("default").execute_query("DELETE FROM users")
    pictures.close()


def main() -> None:
    """Measure, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default=DATABASE_URL, help="PostgreSQL")
    parser.add_argument("--redis-url", help="Not used")
    parser.add_argument("--count", type=int, default=20_000, help="Contacts of the files")
    given = parser.parse_args()
    for warning in machine.warnings():
        print(f"Warning: {warning}")
    name = f"contactsvc_benchmark_{os.getpid()}"
    asyncio.run(execute(given.database_url, f"CREATE DATABASE {name}"))
    try:
        with memory.rare_collections():  # as the service and the command have them
            asyncio.run(run(str(URL(given.database_url).with_path(f"/{name}")), given.count))
    finally:
        asyncio.run(execute(given.database_url, f"DROP DATABASE {name} WITH (FORCE)"))


if __name__ == "__main__":
    main()
