"""The table is read in another way than pyuca reads it, and weighs the same."""

import random
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyuca.collator import Collator_10_0_0

from contactsvc.platform.text.sort_keys import collator
from tests.platform.text.test_search_keys import STORABLE
from tests.support.samples import PROFILE


@cache
def pyuca() -> Collator_10_0_0:
    return Collator_10_0_0()


def entries(node: Any, codes: list[int]) -> Iterator[tuple[list[int], Any]]:
    """Yield what pyuca's table has: characters, and their weights."""
    if node.value is not None:
        yield codes, node.value
    for code, child in (node.children or {}).items():
        yield from entries(child, [*codes, code])


def test_every_entry_has_the_weights_of_the_library() -> None:
    every = list(entries(pyuca().table.root, []))
    sequences = [entry for entry in every if len(entry[0]) > 1]
    assert (len(every), len(sequences)) == (31305, 868)

    characters = [entry for entry in every if len(entry[0]) == 1]
    if PROFILE != "thorough":
        characters = random.Random(12).sample(characters, 3000)
    for codes, weights in chain(sequences, characters):
        assert collator().table.find_prefix([*codes, 0x10FFFF]) == (codes, weights, [0x10FFFF])


def test_characters_without_an_entry_have_implicit_weights() -> None:
    assert collator().implicit_weights == pyuca().implicit_weights
    for char in ("\u4e00", "\U00020000", "\U00017000", "\U0001b170", "\ue000", "\U0010ffff"):
        assert collator().table.find_prefix([ord(char)]) == ([], None, [ord(char)])
        assert collator().collation_elements(char) == pyuca().collation_elements(char)


@cache
def weighed_together() -> list[str]:
    """Return all characters that are in sequences."""
    every = entries(pyuca().table.root, [])
    return sorted({chr(code) for codes, _ in every if len(codes) > 1 for code in codes})


SEQUENCES = st.deferred(lambda: st.sampled_from(weighed_together()))


@given(st.text(SEQUENCES | STORABLE, max_size=12))
@pytest.mark.parametrize("form", ["NFD", "NFC"])
def test_texts_are_weighed_as_by_the_library(form: Any, text: str) -> None:
    normal = unicodedata.normalize(form, text)
    assert collator().collation_elements(normal) == pyuca().collation_elements(normal)
