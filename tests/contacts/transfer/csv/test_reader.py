import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contactsvc.contacts.transfer.csv import lines, records
from contactsvc.contacts.transfer.csv.reader import LOOKAHEAD_ROWS, read
from contactsvc.contacts.transfer.csv.targets import Target
from contactsvc.contacts.transfer.records import Read, ReadContact, Unreadable
from contactsvc.platform.errors import MalformedBody, ValidationFailed

FIXTURES = Path(__file__).parent / "fixtures"
EXPECTED = json.loads((FIXTURES / "expected.json").read_text())


def contacts(text: str | bytes, **mapping: str) -> list[Read]:
    data = text.encode() if isinstance(text, str) else text
    return list(read([data], mapping).contacts)


def fields(text: str | bytes, **mapping: str) -> list[dict[str, Any]]:
    found = contacts(text, **mapping)
    assert all(isinstance(each, ReadContact) for each in found)
    return [dict(each.fields) for each in found if isinstance(each, ReadContact)]


def as_expected(contact: ReadContact) -> dict[str, Any]:
    """Return a contact in the words of expected.json."""
    shown = {name: value for name, value in contact.fields.items() if value}
    renamed = {"tags": "labels", "favorite": "starred"}
    shown = {renamed.get(name, name): value for name, value in shown.items()}
    for name in ("emails", "phones"):
        if name in shown:
            shown[name] = [[entry["type"] or "", entry["value"]] for entry in shown[name]]
    parts = ("type", "street", "city", "postal_code", "country")
    if "addresses" in shown:
        shown["addresses"] = [[each[part] for part in parts] for each in shown["addresses"]]
    for name in ("relations", "dates", "custom"):
        if name in shown:
            shown[name] = [[entry["label"], entry["value"]] for entry in shown[name]]
    return shown


@pytest.mark.parametrize("name", sorted(EXPECTED))
@pytest.mark.parametrize("size", [1, 1000])
def test_fixtures_are_read_as_expected(name: str, size: int) -> None:
    data = (FIXTURES / name).read_bytes()
    found = read(data[place : place + size] for place in range(0, len(data), size)).contacts

    for contact, expected in zip(found, EXPECTED[name]["contacts"], strict=True):
        assert isinstance(contact, ReadContact)
        told = {name: value for name, value in expected.items() if name != "warning"}
        for name in {"emails", "phones"} & set(told):
            told[name] = [entry[:2] for entry in told[name]]
        assert as_expected(contact) == told
        remarks = [remark.detail for remark in contact.remarks]
        assert len(remarks) == ("warning" in expected)
        assert expected.get("warning", "") in "".join(remarks)


def test_contacts_are_numbered_by_their_lines() -> None:
    text = 'sep=;\nName;Notes\n"Eve";"two\nlines"\n\n;\nUwe;x\n'

    assert [each.line for each in contacts(text) if isinstance(each, ReadContact)] == [3, 7]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_encoding_goes_with_any_delimiter(encoding: str, delimiter: str) -> None:
    text = "Vorname,Straße privat,Notizen\r\nJörg,Weg 1,„x“\r\n".replace(",", delimiter)

    (found,) = fields(text.encode(encoding))

    assert found["first_name"] == "Jörg"
    assert found["addresses"][0]["street"] == "Weg 1"


def test_days_of_other_rows_tell_the_order() -> None:
    text = "Name,Birthday\nEve Ng,2/1/1990\nUwe X,31/12/1990\n"

    first = contacts(text)[0]

    assert isinstance(first, ReadContact)
    assert first.fields["birthday"] == "1990-01-02"
    assert first.remarks == []


def test_days_that_contradict_each_other_tell_nothing() -> None:
    text = "Name,Birthday\nEve Ng,2/1/1990\nUwe X,31/12/1990\nIda Y,12/31/1990\n"

    first = contacts(text)[0]

    assert isinstance(first, ReadContact)
    assert first.fields["birthday"] == "1990-02-01"
    assert first.remarks


def test_the_columns_are_told_for_a_preview() -> None:
    columns = read([b"First Name,Foo,Home City\n"], {"Foo": "custom.Tier"}).columns

    assert [(name, str(target)) for name, target in columns] == [
        ("First Name", "first_name"),
        ("Foo", "custom.Tier"),
        ("Home City", "addresses.home.city"),
    ]
    assert columns[1].target == Target("custom", label="Tier")


def test_a_mapping_is_checked_before_anything_is_read() -> None:
    with pytest.raises(ValidationFailed):
        read([b"Name\nEve\n"], {"Name": "surname"})


@pytest.mark.parametrize(
    "data",
    [
        *(
            b"",
            b"\n\n",
            b"\xef\xbb\xbf",
            b"sep=;\n",
            b"\0" * 10_000,
            b"PK\x03\x04" + b"\0\xff" * 99,
        ),
        *(b"BEGIN:VCARD\nVERSION:3.0\nFN:Eve\nEND:VCARD\n", b"{}", b"x" * 2_000_000, b'"'),
        *(b"\n" * 1_000_000, b",".join([b"Name"] * 10_000) + b"\n", b"\xff\xfe", b'"' * 200_000),
        b"Name," + b"x" * 200_000 + b"\n",
    ],
)
def test_what_is_no_csv_of_contacts_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedBody):
        contacts(data)


def test_a_header_alone_has_no_contacts() -> None:
    assert contacts("Name") == []


@pytest.mark.parametrize(
    ("row", "remark"),
    [
        ("x" * (lines.MAX_LINE_LENGTH + 1), records.TOO_LONG),
        ("Eve," + "x" * (csv.field_size_limit() + 1), records.CELL_TOO_LONG),
    ],
)
def test_a_row_of_megabytes_costs_itself_alone(row: str, remark: str) -> None:
    first, second = contacts(f"Name,Notes\n{row}\nUwe,x\n")

    assert isinstance(first, Unreadable)
    assert (first.remark.line, first.remark.detail) == (2, remark)
    assert isinstance(second, ReadContact)
    assert second.fields == {"first_name": "Uwe", "notes": "x"}


def test_a_row_of_many_cells_is_a_row() -> None:
    (contact,) = contacts("Name,Notes\nEve,x" + ",y" * 100_000 + "\n")

    assert isinstance(contact, ReadContact)
    assert len(contact.remarks) == 1


def test_a_million_empty_lines_are_no_contacts() -> None:
    assert fields("Name\n" + "\n" * 1_000_000 + "Eve\n") == [{"first_name": "Eve"}]


def test_a_file_is_read_only_as_far_as_its_contacts_are_asked_for() -> None:
    rows = 0

    def chunks() -> Iterator[bytes]:
        nonlocal rows
        yield b"Name,Notes\n"
        while True:
            rows += 1
            yield b"Eve,x\n" * 1000

    book = read(chunks())
    next(book.contacts)

    assert rows <= 2 + LOOKAHEAD_ROWS // 1000
