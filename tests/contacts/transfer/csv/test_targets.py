import pytest

from contactsvc.contacts.details import LISTS
from contactsvc.contacts.rows import DEFAULTS
from contactsvc.contacts.schemas.entries import PHONE_TYPES, TYPES
from contactsvc.contacts.transfer.csv.targets import TEXTS, Target, given, parsed
from contactsvc.platform.errors import ValidationFailed


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("first_name", Target("first_name")),
        (" tags ", Target("tags")),
        ("name", Target("name")),
        ("ignore", Target("ignore")),
        ("birthday.year", Target("birthday", "year")),
        ("email", Target("emails")),
        ("emails.work", Target("emails", entry_type="work")),
        ("phones.mobile.Car", Target("phones", entry_type="mobile", label="Car")),
        ("phones.-.Desk 2", Target("phones", label="Desk 2")),
        ("addresses.city", Target("addresses", "city", slot="address ")),
        (
            "addresses.home.po_box",
            Target("addresses", "po_box", entry_type="home", slot="address home"),
        ),
        ("dates.Anniversary", Target("dates", label="Anniversary")),
        ("relations", Target("relations")),
        ("custom.No. 5", Target("custom", label="No. 5")),
    ],
)
def test_a_target_is_a_field_and_what_its_entry_is(text: str, target: Target) -> None:
    assert parsed(text) == target
    assert parsed(str(target)) == target


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "id", "photo", "created_at", "first_name.x", "birthday.hour", "emails.mobile"),
        *("phones.home,", "addresses", "addresses.home", "addresses.mobile.city", "urls.fax"),
        *("details", "first name", "ignore.x", "addresses.home.city.x"),
    ],
)
def test_another_text_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="No field"):
        parsed(text)


def test_every_field_and_type_of_a_contact_has_a_target() -> None:
    for name in set(DEFAULTS) - {"addresses"}:
        assert parsed(name).field in (name, f"{name}s")
    assert {*TEXTS, "tags", "favorite", "email", "phone", *LISTS} == {*DEFAULTS, "uid"}
    for type_ in TYPES:
        assert parsed(f"emails.{type_}").entry_type == parsed(f"urls.{type_}").entry_type == type_
        assert parsed(f"addresses.{type_}.street").entry_type == type_
    for type_ in PHONE_TYPES:
        assert parsed(f"phones.{type_}").entry_type == type_


def test_given_targets_are_refused_together() -> None:
    with pytest.raises(ValidationFailed) as failed:
        given({"Tier": "custom.Tier", "Kind": "tag", "Day": "x" * 1000})

    assert [error.pointer for error in failed.value.errors] == ["/map", "/map"]
    assert failed.value.errors[0].detail == "Kind: 'tag' is no field."
    assert len(failed.value.errors[1].detail) < 200


def test_given_targets_are_by_the_names_of_columns() -> None:
    assert given({"Tier": "custom.Tier"}) == {"Tier": Target("custom", label="Tier")}
