"""What is ready lies in files, and comes back as it was."""

import pytest

from contactsvc.contacts.transfer.prepared import Photo, Prepared, prepared
from contactsvc.contacts.transfer.rules import FittedContact, fitted
from contactsvc.contacts.transfer.spool import Spool, ready
from tests.contacts.transfer.support import read


def contact(name: str) -> Prepared:
    made = fitted(read(first_name=name, phone="+44 20 7946 0958", tags=["a", "Zo\xeb"]))
    assert isinstance(made, FittedContact)
    return prepared(made, None)._replace(photo=Photo("original", "drawn", 0, 5))


@pytest.mark.parametrize("is_merged", [True, False])
def test_batches_and_photos_come_back_in_their_order(is_merged: bool) -> None:
    batches = [
        [ready(contact(f"Ada {n} \u2603"), is_merged=is_merged) for n in range(count)]
        for count in (3, 1, 2)
    ]
    spool = Spool()
    try:
        places = []
        for number, batch in enumerate(batches):
            spool.add(batch)
            places.append(spool.add_photo(b"%d" % number * 1000))
        assert list(spool.batches()) == batches
        for number, place in enumerate(places):
            assert spool.photo(Photo("", "", *place)) == b"%d" % number * 1000
        assert list(spool.batches()) == batches, "as often as one likes"
    finally:
        spool.close()


def test_what_is_to_be_merged_has_its_fields_and_columns() -> None:
    made = contact("Ada")
    there = ready(made, is_merged=True)
    phones = [{"value": "+44 20 7946 0958", "type": None, "label": "", "e164": "+442079460958"}]
    assert there.columns().items() <= made.columns.items()
    assert there.columns()["details"]["phones"] == phones
    assert there.fields() == made.fields | {"phones": phones}
    assert ready(made, is_merged=False).said == b"", "nobody asks for them"
