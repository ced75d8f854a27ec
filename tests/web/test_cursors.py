"""Cursors: opened only by who sealed them, and only for the listing they came from."""

import base64
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.schemas.queries import ContactQuerySchema
from contactsvc.platform.errors import ValidationFailed
from contactsvc.platform.keyring import Keyring
from contactsvc.web.cursors import MAC_SIZE, Cursors

SECRET, OLD_SECRET = "the-new-key-0123456789-abcdefghij", "the-old-key-0123456789-abcdefghij"
LISTING = "contacts of 7 by last_name"
CURSORS = Cursors(Keyring(SECRET))
POSITION = ["lovelace", "ada", 7]
CURSOR = CURSORS.seal(LISTING, POSITION)


def refused(cursor: str, listing: str = LISTING, cursors: Cursors = CURSORS) -> bool:
    try:
        cursors.open(listing, cursor)
    except ValidationFailed as error:
        return [field.pointer for field in error.errors] == ["/cursor"]
    return False


@given(st.lists(st.integers(1, 2**63 - 1) | st.text(st.characters(exclude_categories=["Cs"]))))
def test_round_trip(position: list[Any]) -> None:
    assert CURSORS.open(LISTING, CURSORS.seal(LISTING, position)) == position


def test_a_cursor_can_stand_in_a_url_as_it_is() -> None:
    sealed = CURSORS.seal(LISTING, ["\u00ff\u00fe>>??", 2**63 - 1])
    assert set(sealed) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_cursor_of_the_longest_names_is_accepted_back() -> None:
    # U+1D160 normalises to three characters of four bytes each: nothing grows longer.
    key = "\U0001d158\U0001d165\U0001d16e" * 100
    sealed = CURSORS.seal(LISTING, [key, key, 2**63 - 1])
    assert ContactQuerySchema().load({"cursor": sealed})["cursor"] == sealed


@pytest.mark.parametrize(
    "listing", ["", "contacts of 8 by last_name", f"{LISTING} ", f"{LISTING}\0"]
)
def test_a_cursor_of_another_listing_is_refused(listing: str) -> None:
    assert refused(CURSOR, listing)


def test_a_cursor_of_another_key_is_refused() -> None:
    assert refused(Cursors(Keyring(OLD_SECRET)).seal(LISTING, POSITION))


def test_a_retired_key_opens_but_does_not_seal() -> None:
    before, after = Cursors(Keyring(OLD_SECRET)), Cursors(Keyring(SECRET, [OLD_SECRET]))
    assert after.open(LISTING, before.seal(LISTING, POSITION)) == POSITION
    assert CURSORS.open(LISTING, after.seal(LISTING, POSITION)) == POSITION
    assert refused(after.seal(LISTING, POSITION), cursors=before)


def test_no_bit_of_a_cursor_can_be_changed() -> None:
    sealed = base64.urlsafe_b64decode(CURSOR + "=" * (-len(CURSOR) % 4))
    for at in range(len(sealed) * 8):
        forged = bytearray(sealed)
        forged[at // 8] ^= 1 << at % 8
        assert refused(base64.urlsafe_b64encode(forged).decode())


def test_no_part_of_a_cursor_is_one() -> None:
    assert all(refused(CURSOR[:length]) for length in range(len(CURSOR)))
    assert refused(CURSOR * 2)


def test_a_position_without_a_seal_is_refused() -> None:
    payload = orjson.dumps(POSITION)
    for mac in (b"", b"\0" * MAC_SIZE, b"x" * MAC_SIZE):
        assert refused(base64.urlsafe_b64encode(mac + payload).decode())


@pytest.mark.parametrize(
    "cursor",
    ["", "=", "A", "====", "ÄÖÜ", "١٢٣", "\0", "\udcff", "!!!!", "null", "[1]", "A" * 9999],
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    assert refused(cursor)


@given(st.text())
def test_any_text_is_refused_in_the_one_way(cursor: str) -> None:
    assert refused(cursor)


def test_a_cursor_is_as_it_was_in_the_release_before() -> None:
    """A client may be in the middle of a listing."""
    golden = "UTUKqraBcQ7XIY2jwhf6eFsibG92ZWxhY2UiLCJhZGEiLDdd"
    assert CURSORS.open(LISTING, golden) == POSITION
    assert golden == CURSOR
