"""Reads damaged cards: ``python -m tests.contacts.vcard.fuzz``, by ``make fuzz-vcard``.

Each input is one of the fixtures, or two of them, with some bytes changed, removed, doubled or put
in. Whatever becomes of it, nothing raises, and each contact that is read is the same after it was
written and read again.
"""

import random
from collections.abc import Iterator
from typing import Final

import click

from contactsvc.contacts.transfer.records import Unreadable
from contactsvc.contacts.vcard.contact import from_contact, to_read_contact
from contactsvc.contacts.vcard.reader import read_cards
from contactsvc.contacts.vcard.writer import write_card
from tests.support.cards import FIXTURES, read_one

INPUTS: Final = 100_000
SEED: Final = 1

_FILES: Final = [file.read_bytes() for file in sorted(FIXTURES.glob("*.vcf"))]
_TOKENS: Final = (
    *(b"\r\n", b"\n", b"\r", b"\n ", b"\n\t", b"=\r\n", b"\n\n", b"\0", b"\xff", b"\xef\xbb\xbf"),
    *(b";", b",", b":", b"\\", b'"', b"^", b"^n", b"=", b".", b"--", b"_$!<", b">!$_", b"\\n"),
    *(b"BEGIN:VCARD\n", b"END:VCARD\n", b"VERSION:2.1\n", b"VERSION:4.0\n", b"AGENT:\n"),
    *(b";ENCODING=QUOTED-PRINTABLE", b";BASE64", b";ENCODING=b", b";CHARSET=utf-7", b";PREF=2"),
    *(b";CHARSET=iso-2022-jp", b";TYPE=", b";VALUE=uri", b";X-APPLE-OMIT-YEAR=1604", b"item1."),
    *(b"\nitem1.X-ABLabel:L\n", b"\nX-FOO:a\n", b"\nTEL;HOME:1\n", b"\nADR:;;a\\;b,c\n"),
    *(b"\nBDAY:1985\n", b"\nKIND:org\n", b"\nRELATED;TYPE=friend:A\n", "é日😀".encode()),
)


def damaged(source: random.Random) -> bytes:
    """Return an input."""
    data = bytearray(source.choice(_FILES))
    if source.random() < 0.2:
        data += source.choice(_FILES)
    for _ in range(source.randint(1, 12)):
        start = source.randrange(len(data) + 1)
        end = start + source.choice((0, 1, 1, 2, 10, 100))
        kind = source.randrange(4)
        if kind == 0:
            data[start:end] = source.randbytes(end - start)
        elif kind == 1:
            del data[start:end]
        elif kind == 2:
            data[start:start] = data[start:end]
        else:
            data[start:start] = source.choice(_TOKENS)
    return bytes(data)


def _chunks(data: bytes, source: random.Random) -> Iterator[bytes]:
    size = source.choice((1, 7, 100, 10_000))
    return (data[start : start + size] for start in range(0, len(data), size))


def try_one(seed: str) -> int:
    """Read one input, and return how many contacts it has.

    Raises:
        AssertionError: A contact was another one after it was written and read again.
    """
    source = random.Random(seed)
    contacts = 0
    for card in read_cards(_chunks(damaged(source), source)):
        if isinstance(card, Unreadable):
            continue
        contacts += 1
        read = to_read_contact(card)
        back = from_contact(read.fields, read.extra, read.photo)
        again = to_read_contact(read_one(write_card(back, "4.0")))
        assert (again.fields, again.photo) == (read.fields, read.photo), seed
        read_one(write_card(card, "3.0"))
    return contacts


@click.command()
@click.option("--inputs", default=INPUTS, show_default=True, help="How many inputs.")
@click.option("--seed", default=SEED, show_default=True, help="Another one makes other inputs.")
def main(inputs: int, seed: int) -> None:
    """Read damaged cards, and fail at the first that is not read as it should be."""
    contacts = sum(try_one(f"{seed}-{number}") for number in range(inputs))
    click.echo(f"{inputs} inputs, {contacts} contacts, none lost")


if __name__ == "__main__":
    main()
