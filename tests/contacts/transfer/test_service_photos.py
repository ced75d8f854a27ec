"""Photos of a file are drawn anew; one that cannot be is kept as it came."""

import asyncio
import threading
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO

import asyncpg
import pytest

from contactsvc.contacts.transfer.content_lines import MAX_EXTRA
from contactsvc.contacts.transfer.exports.service import Export
from contactsvc.contacts.transfer.report import Report
from contactsvc.contacts.transfer.service import Importer, ImportOptions
from contactsvc.contacts.transfer.writing import OnDuplicate
from contactsvc.platform.caller import Caller
from contactsvc.platform.errors import Unavailable
from contactsvc.platform.storage.pictures import MAX_WAITING, Pictures
from tests.contacts.transfer.support import ADA, Book, read, told
from tests.support.pictures import flag

HEIC = b"\0\0\0\x18ftypheic" + b"x" * 300


@pytest.fixture
def book(owner: int, pg: asyncpg.Connection) -> Iterator[Book]:
    pictures = Pictures()
    yield Book(owner, pg, pictures)
    pictures.close()


async def bring_file(book: Book, *lines: str) -> Report:
    file = "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", "UID:u1", "FN:Ada", *lines, "END:VCARD"])
    importer = Importer(book.owner, 10, book.pictures, Caller(), None)
    how = ImportOptions(on_duplicate=OnDuplicate.UPDATE)
    return await importer.run_file(BytesIO(file.encode()), how)


async def exported(book: Book, version: str) -> str:
    export = Export(
        owner_id=book.owner,
        region=None,
        base_url="https://contacts.example",
        version="3.0" if version == "3.0" else "4.0",
    )
    pieces = [piece async for piece in export.pieces()]
    return b"".join(pieces).decode().replace("\r\n ", "")


async def test_photos_are_drawn_anew_and_kept(book: Book) -> None:
    picture = flag()
    report = await book.bring(
        read(photo=picture, **ADA), read(photo=b"no picture", first_name="Bob")
    )
    assert told(report) == (2, 0, 0, 0)
    assert [warning["pointer"] for warning in report.as_answer()["warnings"]] == ["/photo_url"]
    ada, bob = await book.rows()
    photo = await book.pg.fetchrow("SELECT * FROM contact_photos")
    assert (photo["contact_id"], photo["etag"]) == (ada["id"], ada["photo"])
    assert photo["content"].startswith(b"\xff\xd8\xff")
    assert bob["photo"] is None

    again = read(photo=picture, **ADA)
    assert told(await book.bring(again, on_duplicate=OnDuplicate.UPDATE)) == (0, 0, 1, 0)
    own = read(photo=photo["content"], **ADA)
    assert told(await book.bring(own, on_duplicate=OnDuplicate.UPDATE)) == (0, 0, 1, 0)
    other = read(photo=flag(size=(90, 40)), **ADA)
    assert told(await book.bring(other, on_duplicate=OnDuplicate.UPDATE)) == (0, 1, 0, 0)
    assert (await book.rows())[0]["photo"] == await book.pg.fetchval(
        "SELECT etag FROM contact_photos"
    )


@pytest.mark.parametrize(
    ("version", "line"),
    [
        ("3.0", "PHOTO;ENCODING=b;TYPE=HEIC;X-CROP=1:{}"),
        ("4.0", "PHOTO;X-CROP=1:data:image/heic;base64,{}"),
    ],
)
async def test_a_photo_that_cannot_be_drawn_is_exported_again(
    book: Book, version: str, line: str
) -> None:
    data = b64encode(HEIC).decode()

    report = await bring_file(book, f"PHOTO;X-CROP=1;ENCODING=b;TYPE=HEIC:{data}")

    assert [(warning.pointer, warning.detail[:30]) for warning in report.warnings.first] == [
        ("/photo_url", "The photo is kept for exports.")
    ]
    file = await exported(book, version)
    assert file.split("\r\n").count(line.format(data)) == 1
    again = await bring_file(book, line.format(data))
    assert told(again) == (0, 0, 1, 0)
    assert await exported(book, version) == file


async def test_a_photo_for_which_there_is_no_room_is_left_out(book: Book) -> None:
    long = b64encode(bytes(MAX_EXTRA * 3 // 4)).decode()

    report = await bring_file(book, f"PHOTO;ENCODING=b;TYPE=HEIC:{long}", "X-PET:Rex")

    assert [warning.detail[:22] for warning in report.warnings.first] == ["The photo is left out."]
    assert (await book.rows())[0]["extra"] == ["X-PET:Rex"]


async def test_an_import_waits_for_its_turn_at_the_decoder(book: Book) -> None:
    is_free = threading.Event()
    book.pictures._thread.submit(is_free.wait)
    picture = flag()
    uploads = [asyncio.ensure_future(book.pictures.fitted(picture)) for _ in range(MAX_WAITING)]
    await asyncio.sleep(0)  # lets them begin
    with pytest.raises(Unavailable):
        await book.pictures.fitted(picture)

    work = asyncio.ensure_future(book.bring(read(photo=picture, **ADA)))
    while book.pictures._waiting == MAX_WAITING and not work.done():
        await asyncio.sleep(0)
    is_free.set()

    assert told(await work) == (1, 0, 0, 0)
    assert (await book.rows())[0]["photo"]
    await asyncio.gather(*uploads)
