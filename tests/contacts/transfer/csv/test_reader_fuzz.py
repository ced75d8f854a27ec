"""Damaged files: whatever bytes come, they are contacts, remarks, or refused as no CSV."""

import random
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.transfer.csv.reader import read
from contactsvc.contacts.transfer.csv.writer import header, line
from contactsvc.contacts.transfer.records import ReadContact, Unreadable
from contactsvc.platform.errors import MalformedBody

pytestmark = pytest.mark.slow

MUTATIONS = 300
"""Damaged copies of each file."""

FILES = sorted((Path(__file__).parent / "fixtures").glob("*.csv"))
OWN = (
    header()
    + line({"first_name": "Eve", "tags": ["a"], "notes": "x\ny"}, ["X-FOO:bar"])
    + line({"emails": [{"value": f"{n}@x.example", "type": "home"} for n in range(9)]})
).encode()
SPLICES = (
    *(b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"'", b"=", b" ::: ", b"* "),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"\xc3", b"\xed\xa0\x80", b"{", b"}", b"[[", b"/"),
    *(b"0/0/00", b"1/2/90", b"31.2.2000", b"9" * 50, b"x" * 5000, b"more_json", b"sep=|\n"),
)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return a file with a few places overwritten, left out, doubled or spliced into."""
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 0, 1, 3, 20]))
        spliced = chance.choice([*SPLICES, data[start:end] * 2, bytes([chance.randrange(256)])])
        data = data[:start] + spliced + data[end:]
    return data


def check(chunks: Iterator[bytes]) -> None:
    try:
        found = list(read(chunks).contacts)
    except MalformedBody:
        return
    lines = [
        each.line if isinstance(each, ReadContact) else each.remark.line
        for each in found
        if isinstance(each, ReadContact | Unreadable)
    ]
    assert len(lines) == len(found)
    assert lines == sorted(set(lines))
    for each in found:
        if isinstance(each, ReadContact):
            orjson.dumps(dict(each.fields))  # refuses what is no Unicode


@pytest.mark.parametrize("data", [*(file.read_bytes() for file in FILES), OWN])
def test_a_damaged_file_is_read_or_refused(data: bytes) -> None:
    chance = random.Random(42)

    for _ in range(MUTATIONS):
        mutated = damaged(data, chance)
        check(mutated[place : place + 500] for place in range(0, len(mutated), 500))


@given(st.binary(max_size=200))
def test_any_bytes_after_a_header_are_read(data: bytes) -> None:
    check(iter([b"Name,Birthday,Labels,Phone 1 - Label,Phone 1 - Value\n", data]))
    check(iter([b"first_name,email_1,email_1_type,date_1,more_json\n", data]))
