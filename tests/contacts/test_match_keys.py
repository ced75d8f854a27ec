"""The keys by which two contacts are found to be the same person."""

from typing import Any

import pytest

from contactsvc.contacts.details import empty
from contactsvc.contacts.match_keys import KINDS, MAX_KEYS, match_keys

NOBODY = dict.fromkeys(("first_name", "last_name", "middle_name", "nickname", "organization"), "")


def keys(**fields: Any) -> set[tuple[str, int]]:
    """Return the keys of a contact, each with its kind."""
    details = empty()
    details["emails"] = [{"value": each} for each in fields.pop("emails", ())]
    details["phones"] = [{"value": value, "e164": e164} for value, e164 in fields.pop("phones", ())]
    made = match_keys(NOBODY | fields | {"details": details})
    assert len(set(made)) == len(made)
    assert all(-(2**63) <= key < 2**63 for key in made)
    return {(KINDS[key & 3], key) for key in made}


def name(first: str, last: str = "", **more: str) -> set[tuple[str, int]]:
    return keys(first_name=first, last_name=last, **more)


@pytest.mark.parametrize(
    "other",
    [
        name("Robert", "Smith"),
        name("Smith", "Robert"),
        name("Robert Smith"),
        name("", "Smith, Robert"),
        name("RÓBERT", "smith"),
        name("Ｒobert", "Smith"),
        name('Robert "Bob"', "Smith"),
        name("Robert (Bob)", "Smith"),
        name("Robert „Bob“", "Smith"),
        name("Robert", "Smith", middle_name="James", nickname="Bob", organization="Smith & Co"),
    ],
)
def test_order_case_accents_and_nicknames_do_not_count(other: set[tuple[str, int]]) -> None:
    assert other == name("Robert", "Smith")


@pytest.mark.parametrize(
    "other",
    [
        name("Roberta", "Smith"),
        name("Robert"),
        name("Robert", "Smith Robert"),
        name("(Robert)", "Smith"),
        name("", "", organization="Smith"),
    ],
)
def test_other_words_make_another_name(other: set[tuple[str, int]]) -> None:
    assert other.isdisjoint(name("Robert", "Smith"))


def test_hyphens_part_words_and_apostrophes_do_not() -> None:
    assert name("Jean-Luc", "O’Neil") == name("Jean Luc", "oneil")


def test_who_has_no_name_goes_by_the_organization_and_by_nothing_else() -> None:
    assert keys(organization="Acme Ltd.") == name("", "Acme Ltd")
    assert not keys(nickname="Bob")
    assert not name("…", "☎")


def test_a_nickname_is_a_name_where_there_is_nothing_beside_it() -> None:
    assert name("(Bob)") == name("Bob")


def test_emails_are_the_same_in_any_case_and_either_form_of_the_domain() -> None:
    assert keys(emails=["Ada@EXAMPLE.com"]) == keys(emails=["ada@example.com"])
    assert keys(emails=["a@bücher.example"]) == keys(emails=["a@xn--bcher-kva.example"])
    assert keys(emails=["ada@example.com"]) != keys(emails=["áda@example.com"])


def test_numbers_are_the_same_in_international_form_or_by_their_digits() -> None:
    national = keys(phones=[("020 7946 0958", "+442079460958")])
    assert national == keys(phones=[("+44 (20) 7946-0958", "+442079460958")])
    assert national == keys(phones=[("44 2079460958", None)])
    assert national != keys(phones=[("020 7946 0958", None)])
    assert national != keys(phones=[("020 7946 0958 ext. 5", None)])


def test_a_text_means_something_else_in_each_kind() -> None:
    assert {kind for kind, _ in keys(first_name="7", emails=["7"], phones=[("7", None)])} == {
        *KINDS
    }
    assert len({key >> 2 for _, key in keys(first_name="7", phones=[("7", None)])}) == 2


def test_there_are_so_many_at_the_most_of_the_name_and_of_both_lists() -> None:
    many = keys(
        first_name="Ada",
        emails=[f"{n}@example.com" for n in range(20)],
        phones=[(f"555 01{n:02}", None) for n in range(20)],
    )
    assert len(many) == MAX_KEYS
    assert {kind: sum(each == kind for each, _ in many) for kind in KINDS} == {
        "same_email": 4,
        "same_phone": 3,
        "same_name": 1,
    }
    assert len(keys(emails=["a@example.com", "A@example.com"])) == 1
