"""Texts of files are repaired, in one way for every kind of them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from contactsvc.contacts.transfer import texts
from contactsvc.web.date_fields import Birthday
from contactsvc.web.fields import Phone


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Ada  ", "Ada"),
        ("A\0d\ta", "A d a"),
        ("two\r\nlines", "two  lines"),
        ("e\u0301", "é"),
        ("\ud83d", "\ufffd"),
        ("\u200b\u2800", ""),
        ("\x01", ""),
        ("", ""),
    ],
)
def test_a_text_in_one_line(text: str, kept: str) -> None:
    assert texts.plain(text, 100) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [(" a\r\nb\t", " a\r\nb "), ("  ", ""), (" \n", ""), ("  x", "  x"), ("a\x0bb", "a b")],
)
def test_notes_keep_their_lines_and_margins(text: str, kept: str) -> None:
    assert texts.plain(text, 100, several_lines=True, trim=False) == kept


def test_what_is_far_too_long_is_still_too_long() -> None:
    for text in ("x" * 10_000, "e\u0301" * 10_000, "\u0344" * 10_000, "a" + "\u0301" * 10_000):
        assert 100 < len(texts.plain(text, 100)) <= 10_000


def test_a_line_has_no_line_ends() -> None:
    assert texts.one_line("X-A:b\r\nEND:VCARD\0\udc80") == "X-A:b END:VCARD \ufffd"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" ada@example.com ", "ada@example.com"),
        ("Ada.L@Example.COM", "Ada.L@example.com"),
        ("mailto:ada@example.com", "ada@example.com"),
        ("ada@bücher.example", "ada@bücher.example"),
        ("ada", None),
        ("", None),
        ("a" * 300 + "@example.com", None),
    ],
)
def test_emails(text: str, kept: str | None) -> None:
    assert texts.email(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("tel:+44-20-7946-0958", "+44-20-7946-0958"),
        ("020\t7946 0958", "020 7946 0958"),
        ("none", None),
        ("1" * 65, None),
    ],
)
def test_phones(text: str, kept: str | None) -> None:
    assert texts.phone(text) == kept


def test_dates_and_birthdays() -> None:
    assert texts.date("--02-29") == texts.birthday("--02-29") == "--02-29"
    assert texts.date("2999-01-01") == "2999-01-01"
    assert texts.birthday("2999-01-01") is None
    assert texts.date("10.12.1815") is None


def test_values_have_a_length() -> None:
    assert texts.value(" x ") == "x"
    assert texts.value("x" * 201) is texts.value(" ") is None


def taken(field: fields.Field[str], text: str) -> str | None:
    """Return what a field of the schemas takes a text for; None if it is refused."""
    try:
        return field.deserialize(text)
    except ValidationError:
        return None


@example("0000-01-01")
@example("1984-02-30")
@example("2999-01-01")
@example("1984-02-29\n")
@given(st.dates().map(str) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\s?", fullmatch=True))
def test_a_birthday_is_what_the_schemas_take(text: str) -> None:
    assert texts.birthday(text) == taken(Birthday(), text)


@example("1" * 64)
@example("1" * 65)
@example("+(-)")
@given(st.text("+0123456789 ().-/\n", max_size=12))
def test_a_number_is_what_the_schemas_take(text: str) -> None:
    assert texts.phone(text) == taken(Phone(), text.replace("\n", " "))
