"""What a file is, its beginning decides."""

from io import BytesIO

import pytest

from contactsvc.contacts.transfer.reading import CHUNK, contents
from contactsvc.contacts.transfer.records import ReadContact, Unreadable
from contactsvc.platform.errors import MalformedBody, ValidationFailed

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nN:;Ada;;;\r\nEND:VCARD\r\n"


def names(content: bytes) -> list[str]:
    reads = contents(BytesIO(content)).reads
    return [read.fields["first_name"] for read in reads if isinstance(read, ReadContact)]


@pytest.mark.parametrize(
    "content",
    [
        CARD,
        CARD.lower(),
        b"\xef\xbb\xbf" + CARD,
        CARD.decode().encode("utf-16-le"),
        b"\r\n" * 100_000 + CARD,
        b"a line that came before\r\n" + CARD,
        b"First name\r\nAda\r\n",
        b"\n" * 1000 + b"First name\r\nAda\r\n",
        b'First name,Notes\r\nAda,"x\r\n' + CARD.replace(b"Ada", b"Eve") + b'"\r\n',
    ],
)
def test_cards_and_tables_are_told_apart(content: bytes) -> None:
    assert [name.lower() for name in names(content)] == ["ada"]


@pytest.mark.parametrize(
    "content", [b"", b"\0\0", b"PK\x03\x04", b"%PDF-1.7", b"<html>", b"{}", JPEG]
)
def test_what_is_neither_is_named(content: bytes) -> None:
    with pytest.raises(MalformedBody, match="no vCard and no CSV"):
        contents(BytesIO(content))


def test_a_table_tells_what_its_columns_are() -> None:
    table = BytesIO(b"First name,Badge\r\nAda,7\r\n")
    told = [{"column": "First name", "field": "first_name"}, {"column": "Badge", "field": "notes"}]
    assert contents(table, {"Badge": "notes"}).mapping == told
    assert contents(BytesIO(CARD)).mapping is None
    with pytest.raises(ValidationFailed):
        contents(table, {"Nowhere": "notes"})


@pytest.mark.slow
def test_cards_of_several_chunks_come_in_their_order_and_few_are_read_ahead() -> None:
    card = b"BEGIN:VCARD\nFN:A\nNOTE:%d\nEND:VCARD\n"
    file = BytesIO(
        b"".join(card % number + b"stray\n" * (number % 7 == 0) for number in range(9000))
    )

    reads = contents(file).reads
    first = next(reads)
    read_ahead = file.tell()
    found = [first, *reads]

    notes = [each.fields["notes"] for each in found if not isinstance(each, Unreadable)]
    lines = [each.remark.line if isinstance(each, Unreadable) else each.line for each in found]
    assert notes == [str(number) for number in range(9000)]
    assert lines == sorted(lines)
    assert len(found) == 9000 + len(range(0, 9000, 7))
    assert read_ahead <= 3 * CHUNK < file.tell()
