"""The token of the link that ends reminders: whose it is, and that nobody can make one."""

import hmac
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.accounts.security.tokens import AccessClaims, Tokens
from contactsvc.contacts.reminders.unsubscribe_tokens import UnsubscribeTokens
from contactsvc.platform.errors import InvalidToken
from contactsvc.platform.keyring import Keyring
from contactsvc.web.cursors import Cursors

OLD, NEW = "the-old-key-0123456789abcdef", "the-new-key-0123456789abcdef"
KEYRING = Keyring(OLD)
TOKENS = UnsubscribeTokens(KEYRING)


@pytest.mark.parametrize("user_id", [1, 42, 2**63 - 1])
def test_it_says_whose_it_is(user_id: int) -> None:
    token = TOKENS.issue(user_id)

    assert TOKENS.read(token) == user_id
    assert token == TOKENS.issue(user_id)
    assert len(token) == 32
    assert token.isascii()


def test_a_retired_key_goes_on_being_believed_and_another_is_not() -> None:
    token = TOKENS.issue(7)

    assert UnsubscribeTokens(Keyring(NEW, [OLD])).read(token) == 7
    assert UnsubscribeTokens(Keyring(NEW, [OLD])).issue(7) != token
    with pytest.raises(InvalidToken):
        UnsubscribeTokens(Keyring(NEW)).read(token)


def sealed_for_nothing() -> str:
    payload = (7).to_bytes(8)
    mac = hmac.digest(OLD.encode(), payload, "sha256")[:16]
    return urlsafe_b64encode(mac + payload).decode()


@pytest.mark.parametrize(
    "token",
    [
        *("", "x", "x" * 32, "x" * 200, "é" * 32, "\ud800", "=" * 32, "A" * 31 + "\n"),
        TOKENS.issue(7)[:-1],
        TOKENS.issue(7) + "A",
        TOKENS.issue(7) + "====",
        f" {TOKENS.issue(7)}",
        TOKENS.issue(7).swapcase(),
        TOKENS.issue(7)[:24] + TOKENS.issue(8)[24:],
        sealed_for_nothing(),
        Cursors(KEYRING).seal("contacts", [7]),
        Tokens(KEYRING, "https://contacts.example.com", 900).issue_access(AccessClaims(7, 7, 1)),
    ],
)
def test_what_is_none_is_refused(token: str) -> None:
    with pytest.raises(InvalidToken):
        TOKENS.read(token)


@given(st.integers(0, 31), st.sampled_from("AZaz09-_"))
def test_one_other_character_makes_it_worthless(place: int, character: str) -> None:
    token = TOKENS.issue(7)
    changed = f"{token[:place]}{character}{token[place + 1 :]}"
    if changed != token:
        with pytest.raises(InvalidToken):
            TOKENS.read(changed)
