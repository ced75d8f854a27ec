"""Measures the memory of exports of small and large books, and of an update of huge contacts.

``python -m benchmarks.transfer_memory``, or ``make bench-memory``. Each is done in a process of its
own, so that its peak is told apart from what came before.
"""

import argparse
import asyncio
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from tortoise.connection import get_connection
from yarl import URL

from benchmarks.databases import DATABASE_URL, execute
from benchmarks.imports import QUOTA, USER, cards
from contactsvc.contacts.transfer.content_lines import MAX_EXTRA
from contactsvc.contacts.transfer.exports.service import Export, Format
from contactsvc.contacts.transfer.service import MAX_IMPORTED, Importer, ImportOptions
from contactsvc.contacts.transfer.writing import OnDuplicate
from contactsvc.platform.caller import Caller
from contactsvc.platform.database import database, migrations
from contactsvc.platform.storage.pictures import Pictures

HUGE: Final = 300
"""Contacts that keep as many content lines as they may."""


def huge(count: int) -> bytes:
    """Return a file of such contacts."""
    lines = b"".join(b"X-%d:%s\r\n" % (n, b"a" * (MAX_EXTRA // 4 - 10)) for n in range(4))
    card = b"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:huge-%d\r\nFN:Ada %d\r\n%sEND:VCARD\r\n"
    return b"".join(card % (n, n, lines) for n in range(count))


def notes(count: int) -> bytes:
    """Return a file that changes a word of each of them."""
    card = b"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:huge-%d\r\nNOTE:met\r\nFN:Ada %d\r\nEND:VCARD\r\n"
    return b"".join(card % (n, n) for n in range(count))


def memory(name: str) -> int:
    """Return a value of this process in MiB: VmRSS now, or VmHWM at the most."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{name}:")[2].split()[0]) // 1024


def memory_before() -> int:
    """Return VmRSS, and let VmHWM begin anew (proc(5))."""
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


async def import_file(owner: int, content: bytes) -> str:
    """Import a file, and tell of it."""
    pictures = Pictures()
    importer = Importer(owner, QUOTA, pictures, Caller(), None)
    options = ImportOptions(on_duplicate=OnDuplicate.UPDATE, region="GB")
    report = await importer.run_file(BytesIO(content), options)
    pictures.close()
    return f"{report.created:,} created, {report.updated:,} updated"


async def fill(owner: int, count: int) -> str:
    """Add so many people, as a phone writes them."""
    content = cards(count).split(b"BEGIN:VCARD")[1:]
    for start in range(0, count, MAX_IMPORTED):
        part = content[start : start + MAX_IMPORTED]
        await import_file(owner, b"BEGIN:VCARD" + b"BEGIN:VCARD".join(part))
    return f"{count:,} added"


async def export(owner: int, form: Format) -> str:
    """Export all contacts, and tell of it."""
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done = count

    made = Export(owner_id=owner, region="GB", base_url="https://example.com", format=form)
    size = sum([len(piece) async for piece in made.pieces(progress)])
    return f"{done:,} contacts, {size / 1e6:,.1f} MB"


async def in_database(url: str, work: Callable[..., Any], *arguments: Any) -> tuple[str, int, int]:
    """Return what work tells, and the memory before it and at the most."""
    async with database(url, pool_size=2):
        await get_connection("default").execute_query("SELECT 1")
        before = memory_before()
        return await work(*arguments), before, memory("VmHWM")


def measured(url: str, work: Callable[..., Any], *arguments: Any) -> tuple[str, int, int]:
    """Do work in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as process:
        return process.submit(_run, url, work, *arguments).result()


def _run(url: str, work: Callable[..., Any], *arguments: Any) -> tuple[str, int, int]:
    return asyncio.run(in_database(url, work, *arguments))


def tell(name: str, outcome: tuple[str, int, int]) -> None:
    """Print what work took."""
    told, before, peak = outcome
    print(f"{name}: {told}; {before} MB before, {peak} MB at the most, {peak - before} MB more")


async def owner_in(url: str) -> int:
    """Add a user, and return the id."""
    async with database(url, pool_size=2):
        rows = await get_connection("default").execute_query_dict(USER)
        return int(rows[0]["id"])


def run(url: str, counts: list[int]) -> None:
    """Measure in a database of its own."""
    asyncio.run(migrations.migrate(url))
    owner = asyncio.run(owner_in(url))
    for count in counts:
        measured(url, fill, owner, count)
        for form in Format:
            tell(f"export {form}", measured(url, export, owner, form))
    asyncio.run(execute(url, f"DELETE FROM contacts WHERE owner_id = {owner}"))
    tell("import of huge contacts", measured(url, import_file, owner, huge(HUGE)))
    tell("update of huge contacts", measured(url, import_file, owner, notes(HUGE)))
    for form in Format:
        tell(f"export {form} of huge contacts", measured(url, export, owner, form))


def main() -> None:
    """Measure, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default=DATABASE_URL, help="PostgreSQL")
    parser.add_argument("--redis-url", help="Not used")
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 100_000], help="Contacts")
    given = parser.parse_args()
    name = f"contactsvc_benchmark_{os.getpid()}"
    asyncio.run(execute(given.database_url, f"CREATE DATABASE {name}"))
    try:
        run(str(URL(given.database_url).with_path(f"/{name}")), given.counts)
    finally:
        asyncio.run(execute(given.database_url, f"DROP DATABASE {name} WITH (FORCE)"))


if __name__ == "__main__":
    main()
