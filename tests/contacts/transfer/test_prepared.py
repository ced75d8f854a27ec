"""The columns that an import has ready before it locks the book."""

from typing import Any

from contactsvc.contacts.rows import COLUMNS
from contactsvc.contacts.transfer.prepared import prepared
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
