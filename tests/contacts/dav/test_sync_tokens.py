"""Tokens are good for the book that they were made for."""

import re

import pytest

from contactsvc.contacts.changes.repository import Place
from contactsvc.contacts.dav.errors import Refused
from contactsvc.contacts.dav.sync_tokens import SyncTokens, all_of
from contactsvc.platform.keyring import Keyring
from contactsvc.web.cursors import Cursors

CURSORS = Cursors(Keyring("a secret of some thirty-two bytes", ()))
TOKENS = SyncTokens(CURSORS, 7, 1)


@pytest.mark.parametrize("place", [Place(3, 4, 5), Place(3, 4, 3), all_of(0), all_of(2**62)])
def test_a_token_leads_back_to_its_place(place: Place) -> None:
    token = TOKENS.of(place)

    assert re.fullmatch(r"urn:contactsvc:sync:[A-Za-z0-9_-]+", token)  # a URI, as RFC 6578 wants
    assert TOKENS.place(token) == place


@pytest.mark.parametrize("other", [SyncTokens(CURSORS, 8, 1), SyncTokens(CURSORS, 7, 2)])
def test_a_token_of_another_book_is_refused(other: SyncTokens) -> None:
    with pytest.raises(Refused, match="valid-sync-token"):
        TOKENS.place(other.of(all_of(3)))


@pytest.mark.parametrize(
    "token", ["", "x", "urn:contactsvc:sync:", "http://radicale.org/ns/sync/efc1", "urn:x:Ґ"]
)
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(Refused, match="valid-sync-token"):
        TOKENS.place(token)


def test_a_token_that_was_tampered_with_is_refused() -> None:
    token = TOKENS.of(all_of(3))
    for place in range(len("urn:contactsvc:sync:"), len(token)):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(Refused, match="valid-sync-token"):
            TOKENS.place(f"{token[:place]}{other}{token[place + 1 :]}")
