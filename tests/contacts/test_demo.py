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
        assert contact.items() <= ContactSchema().load(contact).items()


def test_phones_are_valid() -> None:
    for contact in CONTACTS:
        for phone in contact["phones"]:
            assert phonenumbers.is_valid_number(phonenumbers.parse(phone["value"])), contact


@pytest.mark.parametrize(
    "field", ["email", "phones", "birthday", "notes", "organization", "tags", "favorite"]
)
def test_some_lack_something_and_some_have_it(field: str) -> None:
    assert 10 < sum(not contact[field] for contact in CONTACTS) < 190


def test_some_have_two_numbers() -> None:
    two = [contact["phones"] for contact in CONTACTS if len(contact["phones"]) == 2]
    assert len(two) > 10
    assert all(one["value"] != other["value"] for one, other in two)


def test_birthdays_are_spread_and_some_have_no_year() -> None:
    birthdays = [contact["birthday"] for contact in CONTACTS if contact["birthday"]]
    assert {birthday[-5:-3] for birthday in birthdays} == {f"{month:02}" for month in range(1, 13)}
    assert any(birthday.startswith("--") for birthday in birthdays)
