"""A file is made piece by piece, of those contacts alone that are wanted."""

import pytest

from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer.exports.service import Export, Format


@pytest.mark.parametrize("form", list(Format))
async def test_a_piece_has_a_page_at_most(
    contacts: ContactRepository, owner: int, form: Format
) -> None:
    for number in range(101):
        await contacts.create({"first_name": f"Ada {number}"})
    export = Export(owner_id=owner, region=None, base_url="", format=form)
    pieces = [piece async for piece in export.pieces()]
    assert len([piece for piece in pieces if b"Ada" in piece]) == (6 if form is Format.VCARD else 2)
    assert b"".join(pieces).count(b"Ada 100") >= 1


async def test_the_filter_counts(contacts: ContactRepository, owner: int) -> None:
    for name in ("Ada", "Bob"):
        await contacts.create({"first_name": name})
    wanted = ContactFilter(q="bob")
    export = Export(owner_id=owner, region=None, base_url="", wanted=wanted)
    written = b"".join([piece async for piece in export.pieces()])
    assert written.count(b"BEGIN:VCARD") == 1
    assert b"Bob" in written
