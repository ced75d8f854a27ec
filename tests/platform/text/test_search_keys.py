"""Search keys over the whole of Unicode: stable, short enough, and what people expect."""

import functools
import random
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contactsvc.accounts.users.model import User
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.orders import SORTS
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.schemas.limits import NAME_MAX_LENGTH
from contactsvc.platform.text.search_keys import email_key, search_key
from tests.support.rows import as_client_brings_it
from tests.support.samples import samples

# NUL and lone surrogates never get past the schemas.
STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


EMPTY_PLANES = range(0x40000, 0xE0000)
OWN_KEY = ("Cs", "Cn", "Co")
"""Surrogates are no characters; those of no meaning yet or a private one can only be their own."""
ALIKE = ("CJK UNIFIED IDEOGRAPH-", "HANGUL SYLLABLE ")
"""How the hundred thousand begin that Unicode names by a rule (The Unicode Standard, 4.8)."""


@functools.cache
def keys_of_all_characters() -> dict[str, str]:
    """Return the key of every character; a few of those that are alike stand for the others."""
    every = map(chr, (*range(1, EMPTY_PLANES.start), *range(EMPTY_PLANES.stop, 0xF0000)))
    known = [char for char in every if unicodedata.category(char) not in OWN_KEY]
    alike = [char for char in known if unicodedata.name(char, "").startswith(ALIKE)]
    left_out = set(alike).difference(alike[:: samples(61, 1)])
    return {char: search_key(char) for char in known if char not in left_out}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", ""),
        ("Ada", "ada"),
        ("ZOË", "zoe"),
        ("Zoe\u0308", "zoe"),
        ("Straße", "strasse"),
        ("Ærøskøbing", "aeroskobing"),
        ("Łódź", "lodz"),
        ("Đorđević", "dordevic"),
        ("Þórr", "thorr"),
        ("İstanbul", "istanbul"),
        ("\u0131s\u0131", "isi"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("Йосип", "иосип"),
        ("が", "が"),
        ("か\u3099", "が"),
        ("한", "한"),
        ("हिन्दी", "हिन्दी"),
        ("\u0301", ""),
        ("Мар’яна Марʼяна Мар`яна Мар´яна", "мар'яна мар'яна мар'яна мар'яна"),
        ("a\u2010b\u2011c\u2012d\u2013e\u2014f\u2212g", "a-b-c-d-e-f-g"),
        ("\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f", "\u0645\u062d\u0645\u062f"),
        ("\u0623\u0625\u0622\u0671\u0624\u0626", "\u0627\u0627\u0627\u0627\u0648\u064a"),
        ("\u0645\u0640\u0640\u062d", "\u0645\u062d"),
        ("\ufdf2", "\u0627\u0644\u0644\u0647"),
        (
            "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd \ufb2a\u05be",
            "\u05e9\u05dc\u05d5\u05dd \u05e9-",
        ),
        ("\uff21\uff22\u3000\uff11", "ab 1"),
        ("\uff76\uff9e", "\u30ac"),
        ("\ufb01\ufb03 \u0133 \u01c4", "fiffi ij dz"),
        ("\u2764\ufe0f a\u200bb\u00adc \u845b\U000e0100", "\u2764 abc \u845b"),
        ("\u3164\u200b\ufeff", ""),
        ("a\u00a0b\u2003c\u2800d", "a b c d"),
        ("x\u00b2 \u00bd \u2026 \u2116", "x\u00b2 \u00bd \u2026 \u2116"),
        ("a b", "a b"),
        ("100%_\\", "100%_\\"),
    ],
)
def test_search_key(text: str, key: str) -> None:
    assert search_key(text) == key


@pytest.mark.slow
def test_a_key_of_one_character_is_stable_for_all_of_unicode() -> None:
    changed = {key for char, key in keys_of_all_characters().items() if key != char}
    assert len(changed) > 1000
    assert [key for key in changed if search_key(key) != key] == []


@given(st.text(STORABLE))
@example("ŉ\u0345ͅΐ")
@example("\u1100\u1161\u0301\u11a8")
@example("\u0b92\u0301\u0bd7")
@example("\u0308\u03b9\u0301")
def test_a_key_of_a_key_is_itself(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(st.text(STORABLE))
def test_spelling_in_unicodes_forms_does_not_count(text: str) -> None:
    keys = {search_key(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert keys == {search_key(text)}


@given(st.text(STORABLE, max_size=NAME_MAX_LENGTH))
def test_a_name_of_a_user_fits_its_column(name: str) -> None:
    width = User._meta.fields_map["name_key"].max_length  # type: ignore[attr-defined]
    assert len(search_key(name)) <= width


@pytest.mark.slow
def test_no_character_takes_more_than_its_share_of_the_column() -> None:
    width = User._meta.fields_map["name_key"].max_length  # type: ignore[attr-defined]
    longest = max(map(len, keys_of_all_characters().values()))
    assert longest * NAME_MAX_LENGTH <= width


@functools.cache
def longest_keyed() -> list[str]:
    """Return the characters whose keys take the most bytes."""
    bytes_each = {char: len(key.encode()) for char, key in keys_of_all_characters().items()}
    most = max(bytes_each.values())
    return [char for char, size in bytes_each.items() if size == most]


def longest_name(seed: int) -> str:
    """Return a name of full length whose key takes the most bytes there are."""
    return "".join(random.Random(seed).choices(longest_keyed(), k=NAME_MAX_LENGTH))


def incompressible_name(seed: int) -> str:
    """Return a name of full length out of random characters of four bytes."""
    wide = [char for char in keys_of_all_characters() if ord(char) > 0xFFFF]
    return "".join(random.Random(seed).choices(wide, k=NAME_MAX_LENGTH))


@pytest.mark.slow
@pytest.mark.parametrize("name", [longest_name, incompressible_name])
async def test_the_longest_names_fit_the_indexes(
    contacts: ContactRepository, name: Callable[[int], str]
) -> None:
    for seed in range(3):
        fields = {"first_name": name(2 * seed), "last_name": name(2 * seed + 1)}
        row, _ = await contacts.create(fields)
        assert row.items() >= fields.items()
    for sort in SORTS:
        first = await contacts.page(ContactFilter(), sort, 2)
        after = as_client_brings_it(first.next_position)
        assert len((await contacts.page(ContactFilter(), sort, 2, after)).rows) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Grace@Example.COM", "grace@example.com", True),
        ("gr\u00e4ce@example.com", "gra\u0308ce@example.com", True),
        ("GRÄCE@example.com", "gräce@example.com", True),
        ("gräce@example.com", "grace@example.com", False),
        ("g.race@example.com", "grace@example.com", False),
        ("grace+x@example.com", "grace@example.com", False),
        ("straße@example.com", "strasse@example.com", False),
        ("\u0131@example.com", "i@example.com", False),
        ("\uff47race@example.com", "grace@example.com", False),
        ("grace@b\u00fccher.example", "grace@xn--bcher-kva.example", True),
        ("grace@B\u00dcCHER.example", "grace@bu\u0308cher.example", True),
        ("grace@\uff45xample\u3002com", "grace@example.com", True),
        ("grace@b\u00fccher.example", "grace@bucher.example", False),
        ("grace@a_b.example", "grace@A_B.example", True),
        ("grace@a_b.example", "grace@a_c.example", False),
    ],
)
def test_email_key(one: str, other: str, same: bool) -> None:
    assert (email_key(one) == email_key(other)) is same


@given(st.text(STORABLE))
@example("İ")
def test_an_email_key_of_an_email_key_is_itself(text: str) -> None:
    assert email_key(email_key(text)) == email_key(text)


@given(st.text(STORABLE))
@example("I\u0307\u0323")
def test_composed_and_decomposed_e_mails_are_one(email: str) -> None:
    assert email_key(unicodedata.normalize("NFD", email)) == email_key(email)
