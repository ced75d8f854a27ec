"""The typed lists of a contact, and what a single e-mail or phone says of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.details import (
    FIRSTS,
    LISTS,
    Details,
    check_name,
    empty,
    of_older_release,
    settled,
    shown,
)
from contactsvc.platform.errors import ValidationFailed

LONDON = {"value": "020 7946 0958", "e164": "+442079460958", "type": "work", "label": "x"}
NAMELESS = dict.fromkeys(
    ("first_name", "last_name", "nickname", "organization", "email", "phone"), ""
)


def emails(*values: str) -> list[dict[str, Any]]:
    return [{"value": value, "type": None, "label": ""} for value in values]


def test_the_first_is_shown_in_international_form() -> None:
    assert shown([]) is None
    assert shown([LONDON, *emails("x")]) == "+442079460958"
    assert shown([LONDON | {"e164": None}]) == "020 7946 0958"
    assert shown(emails("a", "b")) == "a"


@pytest.mark.parametrize(
    ("phone", "phone_value", "e164"),
    [
        ("+442079460958", "020 7946 0958", "+442079460958"),
        ("+442079460958", None, "+442079460958"),
        ("112", None, None),
        ("112", "112", None),
        ("+4915123456789012", "+4915123456789012", None),
    ],
)
def test_a_single_phone_of_an_older_release(
    phone: str, phone_value: str | None, e164: str | None
) -> None:
    row = {"email": "a@example.com", "phone": phone, "phone_value": phone_value}
    lists = of_older_release(row)
    assert lists["emails"] == emails("a@example.com")
    [entry] = lists["phones"]
    assert entry == {"value": phone_value or phone, "type": None, "label": "", "e164": e164}
    assert shown(lists["phones"]) == phone
    assert of_older_release(dict.fromkeys(row)) == empty()


@pytest.mark.parametrize("name", list(NAMELESS))
def test_any_name_will_do(name: str) -> None:
    check_name(NAMELESS | {name: "x"})
    for nothing in ("", None):
        with pytest.raises(ValidationFailed):
            check_name(NAMELESS | {name: nothing})


def test_nothing_that_is_kept_is_changed_in_place() -> None:
    before = empty() | {"emails": emails("a", "b"), "phones": [LONDON]}
    after = settled({"email": "c", "phone": None}, before, "GB")
    assert after["details"]["emails"] == emails("c", "b")
    assert before == empty() | {"emails": emails("a", "b"), "phones": [LONDON]}


VALUES = st.sampled_from(["a", "b", "c"])
NUMBERS = st.sampled_from(["020 7946 0958", "+442079460958", "112", "+44 20 7946 0958"])
KINDS = st.sampled_from([None, "home", "work"])


def lists_of(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    entry = st.fixed_dictionaries({"value": values, "type": KINDS, "label": st.just("")})
    return st.lists(entry, max_size=3)


KEPT = st.fixed_dictionaries({"emails": lists_of(VALUES), "phones": lists_of(NUMBERS)})
SENT = st.fixed_dictionaries(
    {},
    optional={
        "emails": lists_of(VALUES),
        "phones": lists_of(NUMBERS),
        "email": st.none() | VALUES,
        "phone": st.none() | NUMBERS,
    },
)


def kept(lists: dict[str, Any]) -> Details:
    details: Details = settled(lists, None, "GB")["details"]
    return details


def typed(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in each.items() if name != "e164"} for each in entries]


@given(KEPT, SENT, st.booleans(), st.booleans())
def test_no_value_that_was_sent_is_lost(
    stored: dict[str, Any], sent: dict[str, Any], is_whole: bool, is_new: bool
) -> None:
    before = empty() if is_new else kept(stored)
    try:
        after = settled(sent, None if is_new else before, "GB", is_whole=is_whole or is_new)
    except ValidationFailed as error:
        [named] = error.errors
        field, name = next((f, p) for f, p in FIRSTS.items() if f"/{p}" == named.pointer)
        assert sent.keys() >= {field, name}, "only where both are given may they contradict"
        if not is_new:
            assert typed(before[name]) != sent[name]
        return
    details = after["details"]
    for field, name in FIRSTS.items():
        assert after[field] == shown(details[name])
        is_kept = not is_new and typed(before[name]) == sent.get(name)
        if name in sent and not is_kept:
            assert typed(details[name]) == sent[name]
        elif sent.get(field) is not None:
            assert sent[field] in (after[field], details[name][0]["value"])
        elif field in sent and not is_whole and not is_new and before[name]:
            assert details[name] == before[name][1:]
        if name not in sent and field not in sent:
            assert details[name] == ([] if is_whole else before[name])
    assert all(details[name] == [] for name in LISTS[2:])


@given(KEPT)
def test_what_was_read_and_sent_back_is_what_was_kept(stored: dict[str, Any]) -> None:
    before = kept(stored)
    read: dict[str, Any] = {name: typed(before[name]) for name in FIRSTS.values()}
    read |= {field: shown(before[name]) for field, name in FIRSTS.items()}
    for is_whole in (True, False):
        assert settled(read, before, None, is_whole=is_whole)["details"] == before


def test_a_number_that_was_read_elsewhere_is_not_read_again() -> None:
    phones = [{"value": "020 7946 0958", "type": None, "label": ""}, LONDON | {"value": "020 1"}]
    found = settled({"phones": phones}, None, "UA")["details"]["phones"]
    assert [each["e164"] for each in found] == [None, "+442079460958"]
