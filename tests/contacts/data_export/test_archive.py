"""A ZIP file that is made bit by bit is one that everybody can read."""

import zipfile
from collections.abc import AsyncIterator
from io import BytesIO

import orjson

from contactsvc.contacts.data_export import archive
from contactsvc.contacts.data_export.archive import Archive, json_array, text
from contactsvc.platform.clock import now


async def pages(*elements: list[bytes]) -> AsyncIterator[list[bytes]]:
    for page in elements:
        yield page


async def whole(parts: AsyncIterator[bytes]) -> bytes:
    return b"".join([part async for part in parts])


async def test_it_can_be_read_and_also_as_a_stream() -> None:
    """Only what is deflated may have its size behind it; Java refuses anything else."""
    made = Archive()
    large = b"x" * (3 * archive.PIECE + 1)
    picture = bytes(range(256)) * 40

    parts = [part async for part in made.add("large.txt", pages_of(large))]
    parts += [part async for part in made.add("empty.txt", text())]
    parts.append(made.add_picture("photos/1.jpg", picture))
    parts += [part async for part in made.end()]

    read = zipfile.ZipFile(BytesIO(b"".join(parts)))
    assert read.testzip() is None
    assert {name: read.read(name) for name in read.namelist()} == {
        "large.txt": large,
        "empty.txt": b"",
        "photos/1.jpg": picture,
    }
    assert {entry.compress_type for entry in read.infolist()} == {zipfile.ZIP_DEFLATED}
    assert {entry.date_time[0] for entry in read.infolist()} <= {now().year, now().year - 1}
    assert read.getinfo("large.txt").compress_size < 2000
    assert read.getinfo("photos/1.jpg").compress_size - len(picture) in range(30)


async def pages_of(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_an_array_goes_on_from_page_to_page() -> None:
    cases: list[list[list[bytes]]] = [[], [[]], [[b"1"]], [[b"1", b"2"], [], [b"3"]]]
    for elements in cases:
        made = await whole(json_array(pages(*elements)))
        assert orjson.loads(made) == [int(each) for page in elements for each in page]
        assert made.endswith(b"]\n")
