"""Escapes of each version, and separators between them."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.vcard.lines import MAX_CARD
from contactsvc.contacts.vcard.text import MAX_PARTS, escape, split, unescape


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"a\nb\Nc", "a\nb\nc"),
        (r"a\, b\; c\:d\\e", r"a, b; c:d\e"),
        (r"C:\\new\\", "C:\\new\\"),
        (r"C:\temp", r"C:\temp"),
        (r"https\://a.example", "https://a.example"),
        ("\\", "\\"),
    ],
)
def test_escapes_are_read(text: str, plain: str) -> None:
    assert unescape(text) == plain


def test_in_2_1_separators_alone_are_escaped() -> None:
    assert unescape(r"C:\new\; a\, b", is_old=True) == r"C:\new; a, b"


@given(st.text())
def test_what_is_escaped_reads_as_it_was(text: str) -> None:
    assert unescape(escape(text)) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.lists(st.text(st.sampled_from(";\\,ab")), min_size=1))
def test_escaped_separators_separate_nothing(parts: list[str]) -> None:
    assert list(map(unescape, split(";".join(map(escape, parts)), ";"))) == parts


def test_a_backslash_at_the_end_is_no_fault() -> None:
    assert split("a;b\\", ";") == ["a", "b\\"]
    assert split("a\\;b\\", ";") == ["a\\;b\\"]


def test_a_value_has_so_many_parts() -> None:
    assert len(split("," * (MAX_PARTS - 1), ",")) == MAX_PARTS
    with pytest.raises(ValueError, match="too many parts"):
        split("," * MAX_PARTS, ",")


@pytest.mark.own_app
def test_a_value_of_separators_is_not_taken_apart() -> None:
    text = ";" * MAX_CARD
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="too many parts"):
            split(text, ";")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 2 * len(text)
