"""Keys that contacts are searched by, and patterns that find in them."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.search import FIELDS, MAX_BYTES, keys_of, occurs, tagged
from contactsvc.platform.text.search_keys import search_key

NAMES = ("first_name", "last_name", "middle_name", "prefix", "suffix", "nickname", "organization")
OTHERS = {"middle_name": "augusta", "prefix": "lady", "suffix": "frs", "nickname": "countess"}
LETTERS = st.sampled_from("abÀß%_\\'*.𠀀 \u0301")
TEXTS = st.text(LETTERS, max_size=6)


def contact(**fields: Any) -> dict[str, Any]:
    emails = [{"value": value} for value in fields.pop("emails", ())]
    phones = [{"value": value, "e164": None} for value in fields.pop("phones", ())]
    details = {"emails": emails, "phones": phones}
    return dict.fromkeys(NAMES, "") | {"tags": [], "details": details} | fields


def found(fields: dict[str, Any], *patterns: str, region: str | None = None) -> bool:
    """Return whether each pattern matches a part of the keys, as LIKE does."""
    parts = [part for part in keys_of(fields, region) if part is not None]
    return all(any(_like(pattern).fullmatch(part) for part in parts) for pattern in patterns)


def _like(pattern: str) -> re.Pattern[str]:
    units = re.findall(r"\\.|.", pattern, re.DOTALL)
    return re.compile(
        "".join(
            ".*" if unit == "%" else "." if unit == "_" else re.escape(unit[-1]) for unit in units
        ),
        re.DOTALL,
    )


def test_a_text_is_found_in_its_field_alone() -> None:
    texts = {"first_name": "ada", "last_name": "king", "organization": "engines"}
    ada = contact(**texts, tags=["best"], emails=["mail@x.org"], phones=["112"], **OTHERS)
    texts |= {"email": "mail@", "phone": "112", "tags": "best"}
    for name, text in texts.items():
        for field in FIELDS:
            assert found(ada, occurs(text, field)) == (field == name), (text, field)
        assert found(ada, occurs(text)) == (name != "tags"), text
    for text in OTHERS.values():
        assert found(ada, occurs(text, "other_names"))


def test_a_text_is_not_found_across_fields_or_entries() -> None:
    ada = contact(first_name="ada", last_name="king", emails=["x@a", "b@y"], tags=["a", "b"])
    for text in ("adaking", "ab", "x@ab", "a king"):
        assert not found(ada, occurs(text)), text
    assert not found(ada, tagged("ab"))
    assert found(ada, tagged("a"), tagged("B"))


@pytest.mark.parametrize("text", ["\x01", "\x1f", "a\x02\x1fb", "\x08"])
def test_marks_of_the_key_are_no_text(text: str) -> None:
    ada = contact(first_name=f"x{text}y", emails=["a@b"])
    plain = "".join(char for char in text if char >= " ")
    assert found(ada, occurs(f"x{plain}y", "first_name"))
    assert found(ada, occurs(f"x{text}y"))
    key, _ = keys_of(ada, None)
    assert [char for char in key if char < "\x08"] == [chr(n) for n in range(1, 8)]


def test_what_the_key_cannot_hold_is_in_the_rest() -> None:
    emails = [f"{number}" + "x" * 250 for number in range(20)]
    ada = contact(first_name="𠀀" * 100, emails=emails, tags=["t" * 50])
    key, more = keys_of(ada, None)
    assert more is not None
    assert len(key.encode()) <= MAX_BYTES
    assert all(found(ada, occurs(email, "email")) for email in emails)
    assert found(ada, occurs("𠀀" * 100, "first_name"), tagged("T" * 50))
    assert keys_of(contact(first_name="ada"), None)[1] is None


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, TEXTS)), st.lists(TEXTS, max_size=3), TEXTS)
def test_words_are_found_where_they_occur(
    names: dict[str, str], emails: list[str], query: str
) -> None:
    texts = [search_key(text) for text in (*names.values(), *emails)]
    words = search_key(query).split()

    occur = all(any(word in text for text in texts) for word in words)

    assert found(contact(**names, emails=emails), *map(occurs, words)) == occur


@given(
    st.lists(st.text("aAß%_\\", min_size=1, max_size=3), max_size=4), st.text("aAß%_\\", min_size=1)
)
def test_a_tag_is_found_as_a_whole(tags: list[str], tag: str) -> None:
    there = tag.casefold() in [each.casefold() for each in tags]
    assert found(contact(first_name="aß%_\\", tags=tags), tagged(tag)) == there


def test_a_number_is_found_by_its_digits_at_home_and_from_abroad() -> None:
    ada = contact(phones=["030 901820"])
    for digits in ("030901820", "004930901820", "901820"):
        assert found(ada, occurs(digits, "phone"), region="DE")
    assert not found(ada, occurs("004930901820", "phone"))


VALUES = st.text("ab\xdf\x01\x1f\x7f\xa0\u4e2d\U00020000", max_size=8).map(lambda text: text * 30)


@given(st.lists(VALUES, max_size=4), st.lists(VALUES, max_size=12))
def test_the_rest_begins_with_the_first_value_that_does_not_fit(
    names: list[str], tags: list[str]
) -> None:
    """Values are measured and separated one by one: names come before tags, marks are no text."""
    named = dict(zip(NAMES, names, strict=False))
    first, rest = keys_of(contact(tags=tags, **named), None)
    folded = [
        *(search_key(named.get(name, "")) for name in ("first_name", "last_name")),
        *(search_key(value) for name in NAMES[2:6] if (value := named.get(name, ""))),
        "",  # the organization
        *map(str.casefold, tags),
    ]
    room = MAX_BYTES - 8
    fits: list[str] = []
    others: list[str] = []
    for text in folded:
        room -= len(text.encode()) + 2
        (fits if room >= 0 else others).append(text)
    for part, values in ((first, fits), (rest or "", others)):
        plain = [re.sub("[\\x00-\\x1f]", "", text) for text in values if text]
        assert sorted(re.findall("\x1f([^\x1f]*)\x1f", part)) == sorted(plain)
    assert (rest is None) == (not others)
