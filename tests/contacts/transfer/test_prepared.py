"""What is ready lies in files, and comes back as it was."""

from typing import Any

from contactsvc.contacts.rows import COLUMNS
from contactsvc.contacts.transfer.prepared import Photo, Spool, prepared
from contactsvc.contacts.transfer.rules import FittedContact, fitted
from tests.contacts.transfer.support import read


def contact(**fields: Any) -> FittedContact:
    made = fitted(read(7, extra=["X-PET:Rex"], **fields))
    assert isinstance(made, FittedContact)
    return made


def test_a_contact_has_all_columns_and_what_it_is_found_by() -> None:
    ready = prepared(contact(first_name="Ada", phone="020 7946 0958"), "GB")
    of_all = {"version", "derived_version", "created_at", "updated_at", "changed_by"}
    assert ready.columns.keys() == COLUMNS.keys() - of_all
    assert ready.columns["phone"] == "+442079460958"
    assert ready.columns["extra"] == ready.fields["extra"] == ["X-PET:Rex"]
    assert (ready.line, len(ready.marks), ready.photo) == (7, 1, None)


def test_batches_and_photos_come_back_in_their_order() -> None:
    batches = [
        [prepared(contact(first_name=f"Ada {n}"), None) for n in range(count)]
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


def test_without_a_uid_it_is_made_of_what_the_file_says() -> None:
    def uid(**fields: Any) -> str:
        return str(prepared(contact(**fields), None, fields.pop("tag", "")).columns["uid"])

    bob = uid(first_name="Bob", notes="x")
    assert bob == uid(notes="x", first_name="Bob")
    assert bob != uid(first_name="Bob")
    assert uid(first_name="Bob", uid="u") == "u"
    assert prepared(contact(first_name="Bob", notes="x"), None, "tag").columns["uid"] == bob


def test_a_tag_too_many_is_kept_as_a_line() -> None:
    ready = prepared(contact(first_name="Ada", tags=[f"t{n}" for n in range(50)]), None, "old")
    assert ready.columns["tags"] == ["old", *(f"t{n}" for n in range(49))]
    assert ready.columns["extra"] == ["X-PET:Rex", "X-CONTACTSVC-TAG:t49"]
