import re

import pytest

from contactsvc.contacts.transfer.csv.headers import key
from contactsvc.contacts.transfer.csv.patterns import WHOLE_OR_STREET, matched


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("E-mail 1 - Value", "emails"),
        ("E-mail 12 - Type", "emails.type"),
        ("Phone 1 - Label", "phones.label"),
        ("Address 1 - PO Box", "addresses.po_box"),
        ("Address 2 - Extended Address", "addresses.extended"),
        ("Address 2 - Type", "addresses.type"),
        ("Organization 1 - Name", "organization"),
        ("Organization 1 - Title", "title"),
        ("Organization 1 - Type", "ignore"),
        ("Website 1 - Value", "urls"),
        ("Event 1 - Value", "dates"),
        ("Relation 1 - Type", "relations.type"),
        ("Custom Field 1 - Value", "custom"),
        ("IM 1 - Service", "custom.label"),
        ("address_1_postal_code", "addresses.postal_code"),
        ("email_2", "emails"),
        ("E-mail 2 Address", "emails"),
        ("Alternate Email 1", "emails"),
        ("Home Phone", "phones.home"),
        ("Home Phone 2", "phones.home"),
        ("Business Phone 2", "phones.work"),
        ("Mobile Number", "phones.mobile"),
        ("Phone (mobile)", "phones.mobile"),
        ("Phone (iPhone)", "phones.mobile"),
        ("Fax Number", "phones.fax"),
        ("Business Fax", "phones.fax.Work"),
        ("Phone (home fax)", "phones.fax.Home"),
        ("Email (work)", "emails.work"),
        ("Personal Email", "emails.home"),
        ("Work Website", "urls.work"),
        ("Home Street 3", "addresses.home.street_3"),
        ("Business Country/Region", "addresses.work.country"),
        ("Business Address PO Box", "addresses.work.po_box"),
        ("Home Address 2", "addresses.home.street_2"),
        ("Work ZipCode", "addresses.work.postal_code"),
        ("Home County", "addresses.home.region"),
        ("Address (home) - City", "addresses.home.city"),
        ("Address 1", "addresses.street"),
        ("Address Line 2", "addresses.street_2"),
        ("City", "addresses.city"),
        ("Zip/Postal Code", "addresses.postal_code"),
    ],
)
def test_names_are_told_by_their_pattern(name: str, target: str) -> None:
    found = matched(key(name))

    assert str(found) == target


@pytest.mark.parametrize("name", ["Home Address", "Address", "Other Address"])
def test_an_address_in_one_piece_may_be_the_street(name: str) -> None:
    target = matched(key(name))

    assert target
    assert target.part == WHOLE_OR_STREET


@pytest.mark.parametrize(
    "name",
    [
        *("", "Hobby", "Mobile Email", "Fax Website", "Organization 2 - Name", "Address 3"),
        *("E-mail 1 - Foo", "Phone 1234", "Event", "Home", "Organization 1 - Symbol"),
    ],
)
def test_other_names_match_none(name: str) -> None:
    assert matched(key(name)) is None


def test_columns_of_one_entry_have_one_slot() -> None:
    names = ["Phone 1 - Type", "Phone 1 - Value", "phone_1_label"]
    found = [matched(key(name)) for name in names]

    assert {target.slot for target in found if target} == {"phone 1"}
    assert matched("phone2value") != matched("phone1value")


def test_parts_of_one_address_have_one_slot_however_its_type_is_called() -> None:
    names = ["Work City", "Business Street", "Office State", "Address (work) - Zip"]
    found = [matched(key(name)) for name in names]

    assert {target.slot for target in found if target} == {"address work"}


def test_a_number_has_no_more_digits_than_a_file_has_columns() -> None:
    assert matched("email" + "9" * 1000) is None
    assert re.fullmatch("email 999", matched("email999").slot)  # type: ignore[union-attr]
