"""The demo account's address book."""

import phonenumbers
import pytest

from contactsvc.contacts.demo import demo_contacts
from contactsvc.contacts.schemas.bodies import ContactSchema

CONTACTS = demo_contacts()


def test_there_are_two_hundred_different_people() -> None:
    assert len({(each["first_name"], each["last_name"]) for each in CONTACTS}) == 200


def test_they_are_always_the_same() -> None:
    assert demo_contacts() == CONTACTS


def test_each_could_have_come_through_the_api_just_so() -> None:
    for contact in CONTACTS:
        assert ContactSchema().load(contact) == contact


def test_phones_are_valid() -> None:
    for contact in CONTACTS:
        if contact["phone"]:
            assert phonenumbers.is_valid_number(phonenumbers.parse(contact["phone"])), contact


@pytest.mark.parametrize("field", ["email", "phone", "birthday", "notes"])
def test_some_lack_something(field: str) -> None:
    assert 10 < sum(not contact[field] for contact in CONTACTS) < 100


def test_birthdays_are_spread_and_some_have_no_year() -> None:
    birthdays = [contact["birthday"] for contact in CONTACTS if contact["birthday"]]
    assert {birthday[-5:-3] for birthday in birthdays} == {f"{month:02}" for month in range(1, 13)}
    assert any(birthday.startswith("--") for birthday in birthdays)
