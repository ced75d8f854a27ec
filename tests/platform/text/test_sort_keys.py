"""Sort keys compare as the Unicode Collation Algorithm says, and stay small."""

import itertools
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contactsvc.platform.text.sort_keys import MAX_LENGTH, collator, same_letters, sort_key
from tests.platform.text.test_search_keys import STORABLE

ALPHABET = "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ"
"""Of Ukrainian, which the letters after Г and Е left for the end when code points were compared."""

IN_ORDER = [
    # By the table of Unicode 10 (CollationTest_NON_IGNORABLE.txt has the same rules).
    *("", " x", "-x", "1", "10", "2"),
    *("a", "A", "á", "Á", "aa", "ab", "åb", "B", "Bell", "Bella", "e", "E", "é", "É", "ea", "f"),
    *("o", "ø", "oz", "ss", "ß", "st", "Ż", "zz"),
    *("α", "Ω"),
    *("Галя", "Ґаля", "Гарна", "Дарина", "Єва", "Ігор", "Їжак", "Йосип", "Яна"),
    *("א", "あ", "ア", "佐藤", "鈴木", "𠀀"),
]
"""Each before the next, in every script and on every level: letters, accents, case."""


def test_everything_stands_where_people_look_for_it() -> None:
    assert sorted(ALPHABET, key=sort_key) == list(ALPHABET)
    shuffled = random.Random(7).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(shuffled, key=sort_key) == IN_ORDER


@given(st.text(STORABLE, max_size=20), st.text(STORABLE, max_size=20))
@example("resume", "résumé")
@example("\u0301", "")
@example("a\u0315\u0316", "a\u0316")
@example("\u0f71\u0f72", "\u0f73")
def test_bytes_compare_as_the_weights_do(one: str, other: str) -> None:
    weights, keys = (list(map(make, (one, other))) for make in (collator().sort_key, sort_key))
    # Where one text has an accent more, common weights at the end may or may not be said.
    assert (weights[0] < weights[1]) == (keys[0] < keys[1]) or _differ_in_common_weights(*weights)


def _differ_in_common_weights(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return _stripped(one) == _stripped(other)


def _stripped(weights: tuple[int, ...]) -> list[list[int]]:
    levels = [list(group) for zero, group in itertools.groupby(weights, bool) if zero]
    for level, common in zip(levels[1:], (0x20, 0x02), strict=False):
        while level and level[-1] == common:
            level.pop()
    return levels


def test_ascii_is_weighed_by_the_table() -> None:
    """Its characters are looked up one by one, so none may be weighed together with the next."""
    ascii_characters = list(map(chr, range(128)))
    for char in ascii_characters:
        for half in (ascii_characters[:64], ascii_characters[64:]):
            text = "".join(char + other for other in half)
            assert sort_key(text) == by_the_table(text)
    assert sort_key("") == by_the_table("")


def by_the_table(text: str) -> bytes:
    elements = collator().collation_elements(text)
    primary = b"".join(element[0].to_bytes(2, "big") for element in elements if element[0])
    secondary = bytes(element[1] - 0x1E for element in elements if element[1]).rstrip(b"\2")
    tertiary = bytes(element[2] for element in elements if element[2]).rstrip(b"\2")
    return (primary + b"\0\0" + secondary + b"\0" + tertiary)[:MAX_LENGTH]


NAMES = [
    # Last and first name, in order: letters of both count before accents and case of either.
    ("", "Émile"),
    ("Ångström", "alan"),
    ("Bell", "Eva"),
    ("bell", "Zoë"),
    ("Bell", "Zoë"),
    ("Bella", "Ada"),
    ("Émery", "Eve"),
]


def test_names_are_merged_level_by_level() -> None:
    shuffled = random.Random(7).sample(NAMES, len(NAMES))
    assert sorted(shuffled, key=lambda names: sort_key(*names)) == NAMES


@given(st.text(STORABLE, max_size=300), st.text(STORABLE, max_size=300))
@example("\ufdfa" * 300, "\U00020000" * 300)
@example("\u0315\u0316" * 150, "\u0f71" * 300)
def test_a_key_has_an_end(one: str, other: str) -> None:
    assert len(sort_key(one, other)) <= MAX_LENGTH


@pytest.mark.parametrize("letter", ["a", "Щ", "佐", "\U00020000"])
def test_the_letters_of_two_names_of_full_length_all_count(letter: str) -> None:
    names = letter * 100, letter * 99
    assert sort_key(
        *names,
    ) < sort_key(letter * 100, letter * 99 + "z" + letter)


def test_what_has_the_same_letters_begins_alike() -> None:
    begin = same_letters("Lovelace", "Ada")
    for texts in (("Lovelace", "Ada"), ("LOVELACE", "ádà"), ("Lövelace", "ada")):
        assert sort_key(*texts).startswith(begin)
    for texts in (("Lovelace", "Adam"), ("Lovelac", "Ada"), ("Lovelace Ada", "")):
        assert not sort_key(*texts).startswith(begin)
    assert len(same_letters("Ж" * 254, "Ж" * 254)) == MAX_LENGTH
