"""Other programs read the cards that are written: vobject, and khard, which stands on it."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import vobject

from contactsvc.contacts.transfer.records import Unreadable
from contactsvc.contacts.vcard.contact import from_contact, to_read_contact
from contactsvc.contacts.vcard.reader import read_cards
from contactsvc.contacts.vcard.writer import Version, write_card
from tests.support.cards import FIXTURES

VERSIONS: tuple[Version, ...] = ("3.0", "4.0")


def exported(name: str, version: Version) -> list[tuple[dict[str, Any], bytes]]:
    """Return the contacts of a file: their fields, and as they are written."""
    found = []
    for card in read_cards([(FIXTURES / name).read_bytes()]):
        if not isinstance(card, Unreadable):
            read = to_read_contact(card)
            fields = {"uid": name, **read.fields}  # no contact is without one
            written = write_card(from_contact(fields, read.extra, read.photo), version)
            found.append((fields, written))
    return found


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", sorted(file.name for file in FIXTURES.glob("*.vcf")))
def test_vobject_reads_what_is_written(name: str, version: Version) -> None:
    contacts = exported(name, version)

    read = list(vobject.readComponents(b"".join(card for _, card in contacts).decode()))

    assert len(read) == len(contacts)
    for card, (fields, _) in zip(read, contacts, strict=True):
        if version == "3.0":
            assert card.n.value.family == fields.get("last_name", "")
            assert card.n.value.given == fields.get("first_name", "")
        contents: dict[str, list[Any]] = card.contents
        for property_name, plural in (("email", "emails"), ("tel", "phones"), ("url", "urls")):
            values = [each.value for each in contents.get(property_name, ())]
            assert values == [entry["value"] for entry in fields.get(plural, ())]
        streets = [each.value.street for each in contents.get("adr", ())]
        assert streets == [entry["street"] for entry in fields.get("addresses", ())]
        assert [each.value for each in contents.get("note", ())] == (
            [fields["notes"]] if "notes" in fields else []
        )


def test_vobject_reads_photos_and_birthdays_of_3_0() -> None:
    ((fields, written),) = exported("01-ios17-full.vcf", "3.0")

    card = vobject.readOne(written.decode())

    assert date.fromisoformat(card.bday.value) == date(1984, 2, 29)
    assert card.photo.value.startswith(b"\xff\xd8\xff")
    assert fields["birthday"] == card.bday.value


@pytest.mark.process
@pytest.mark.parametrize("version", VERSIONS)
def test_khard_lists_what_is_written(version: Version, tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    names = ["01-ios17-full.vcf", "12-outlook-2.1.vcf", "16-thunderbird-4.0.vcf"]
    for name in names:
        ((_, written),) = exported(name, version)
        (book / name).write_bytes(written)
    config = tmp_path / "khard.conf"
    config.write_text(f"[addressbooks]\n[[book]]\npath = {book}\n")

    khard = [sys.executable, "-m", "khard", "-c", str(config), "list", "--parsable"]
    done = subprocess.run(
        khard, capture_output=True, text=True, check=True, env=os.environ | {"LC_ALL": "C.UTF-8"}
    )

    assert done.stderr == ""
    shown = [line.split("\t")[1] for line in done.stdout.splitlines()]
    assert sorted(shown) == ["Haruka Sato", "Katrin Vogel", "Mirela Ana Brandt"]
