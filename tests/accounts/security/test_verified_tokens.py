"""A token is verified once, and refused from the moment on that verifying it would fail."""

from collections.abc import Iterator

import pytest

from contactsvc.accounts.security.tokens import AccessClaims, Tokens
from contactsvc.accounts.security.verified_tokens import VerifiedTokens
from contactsvc.platform.clock import now
from contactsvc.platform.keyring import Keyring
from tests.support.clocks import Clock
from tests.support.passwords import (
    ACCESS,
    ISSUER,
    KEYRING,
    OLD_SECRET,
    SECRET,
    parts,
    refused,
    sign,
)


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(KEYRING, ISSUER, access_ttl=900)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    with monkeypatch.context() as patch:
        yield Clock(patch)


def kept(tokens: Tokens) -> int:
    return len(tokens._verified)


def test_a_token_is_verified_once(tokens: Tokens, clock: Clock) -> None:
    """Also where no time passes in between, as a clock sees it."""
    token = tokens.issue_access(ACCESS)
    assert tokens.read_access(token) == ACCESS
    assert tokens.read_access(token) is tokens.read_access(token)
    assert kept(tokens) == 1


def test_each_token_has_its_own_claims(tokens: Tokens) -> None:
    numbers = [(7, 70, 3), (8, 70, 3), (7, 71, 3), (7, 70, 4)]
    claims = [AccessClaims(*each) for each in numbers]
    issued = {tokens.issue_access(each): each for each in claims}
    for _ in range(2):
        assert {token: tokens.read_access(token) for token in issued} == issued


def test_it_is_refused_from_its_expiry_on(tokens: Tokens, clock: Clock) -> None:
    token = tokens.issue_access(ACCESS)
    tokens.read_access(token)
    clock.move(899)
    assert not refused("access", token, tokens)
    clock.move(1)
    assert refused("access", token, tokens)


def test_it_is_refused_while_it_was_issued_in_the_future(tokens: Tokens, clock: Clock) -> None:
    """As where the clock of a host is set back."""
    token = tokens.issue_access(ACCESS)
    tokens.read_access(token)
    clock.move(-1)
    assert refused("access", token, tokens)
    clock.move(1)
    assert not refused("access", token, tokens)


def test_it_is_refused_where_its_key_is_not_configured() -> None:
    believing, token = Tokens(Keyring(SECRET, [OLD_SECRET]), ISSUER, 900), _of_the_old_key()
    assert not refused("access", token, believing)
    assert refused("access", token, Tokens(KEYRING, ISSUER, 900))


def _of_the_old_key() -> str:
    return Tokens(Keyring(OLD_SECRET), ISSUER, 900).issue_access(ACCESS)


def test_it_is_refused_for_the_other_purpose(tokens: Tokens) -> None:
    token = tokens.issue_access(ACCESS)
    tokens.read_access(token)
    assert refused("refresh", token, tokens)


def test_a_token_like_it_is_refused(tokens: Tokens) -> None:
    token = tokens.issue_access(ACCESS)
    tokens.read_access(token)
    message, _, mac = token.rpartition(".")
    for other in (message, f"{message}.", f"{message}.{mac[:-2]}", f"{token}x", f"x{token}"):
        assert refused("access", other, tokens)


def test_what_is_refused_is_not_kept(tokens: Tokens) -> None:
    header, payload = parts("access")
    past = int(now().timestamp()) - 1
    for token in (
        "nonsense",
        sign(header, payload, OLD_SECRET),
        sign(header, payload | {"exp": past}),
        sign(header, payload | {"aud": "another"}),
        sign(header, payload | {"sub": "seven"}),
        sign(header, payload | {"ver": 2**31}),
    ):
        assert refused("access", token, tokens)
    assert kept(tokens) == 0


def test_ten_thousand_are_kept_where_nothing_else_is_said() -> None:
    table: VerifiedTokens[AccessClaims] = VerifiedTokens()
    for number in range(10_001):
        table.keep(f"token {number}", ACCESS, now().timestamp() + 60)
    assert len(table) == 10_000


def test_no_more_are_kept_than_there_is_room_for() -> None:
    table: VerifiedTokens[AccessClaims] = VerifiedTokens(size=3)
    tokens = [f"token {number}" for number in range(5)]
    for token in tokens:
        table.keep(token, ACCESS, now().timestamp() + 60)
    assert len(table) == 3
    assert [table.find(token) for token in tokens] == [None, None, ACCESS, ACCESS, ACCESS]
