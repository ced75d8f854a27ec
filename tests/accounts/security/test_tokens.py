"""Signed tokens: what is refused, and that nothing else is."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.accounts.security.tokens import AccessClaims, RefreshClaims, Tokens
from contactsvc.platform.clock import now
from contactsvc.platform.errors import Unauthenticated
from tests.support.clocks import Clock
from tests.support.passwords import (
    ACCESS,
    BEGIN,
    CLAIMS,
    END,
    ISSUE,
    ISSUER,
    KEYRING,
    OWN_CLAIM,
    PURPOSES,
    READ,
    REFRESH,
    SECRET,
    TOKENS,
    b64,
    decoded,
    each_purpose,
    parts,
    refused,
    sign,
)


@each_purpose
def test_round_trip(purpose: str) -> None:
    assert READ[purpose](TOKENS, ISSUE[purpose](TOKENS)) == CLAIMS[purpose]


@given(st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1), st.integers(0, 2**31 - 1))
def test_every_claim_survives(user_id: int, session_id: int, number: int) -> None:
    access = AccessClaims(user_id, session_id, number)
    refresh = RefreshClaims(user_id, session_id, number)
    assert TOKENS.read_access(TOKENS.issue_access(access)) == access
    assert TOKENS.read_refresh(TOKENS.issue_refresh(refresh, BEGIN, END)) == refresh


@each_purpose
def test_a_token_made_by_hand_as_ours_are_is_good(purpose: str) -> None:
    # Else the refusals below would prove nothing.
    assert not refused(purpose, sign(*parts(purpose)))


def test_a_token_says_what_rfc_9068_asks_for() -> None:
    header, payload = parts("access")
    assert header == {"alg": "HS256", "typ": "at+jwt", "kid": KEYRING.signing.kid}
    assert payload.keys() == {"iss", "aud", "sub", "sid", "jti", "ver", "iat", "exp"}
    assert (payload["iss"], payload["sub"]) == (ISSUER, "7")
    assert payload["exp"] - payload["iat"] == 900
    assert len(payload["jti"]) == 16, "96 random bits"


def test_no_two_access_tokens_are_alike() -> None:
    assert TOKENS.issue_access(ACCESS) != TOKENS.issue_access(ACCESS)


def test_a_refresh_token_can_be_made_again_and_no_other_is_like_it() -> None:
    numbers = [(7, 70, 3), (7, 70, 4), (7, 71, 3), (8, 70, 3)]
    made = [
        [TOKENS.issue_refresh(RefreshClaims(*number), BEGIN, END) for _ in range(2)]
        for number in numbers
    ]
    assert all(one == again for one, again in made)
    assert len({decoded(one.split(".")[1])["jti"] for one, _ in made}) == 3
    assert len({one for one, _ in made}) == len(numbers)


def test_a_refresh_token_says_when_it_was_given_and_when_it_ends() -> None:
    header, payload = parts("refresh")
    assert header == {"alg": "HS256", "typ": "rt+jwt", "kid": KEYRING.signing.kid}
    assert payload.keys() == {"iss", "aud", "sub", "sid", "jti", "ctr", "iat", "exp"}
    assert (payload["iat"], payload["exp"]) == (BEGIN.timestamp(), END.timestamp())


def test_a_token_of_one_purpose_is_refused_for_the_other() -> None:
    assert refused("refresh", TOKENS.issue_access(ACCESS))
    assert refused("access", ISSUE["refresh"](TOKENS))


@each_purpose
@pytest.mark.parametrize("changed", ["header", "payload"])
def test_half_of_the_other_purpose_is_refused(purpose: str, changed: str) -> None:
    """Purpose is in typ and in aud; the two guards stand by themselves."""
    [other] = set(PURPOSES) - {purpose}
    header, payload = parts(purpose)
    other_header, other_payload = parts(other)
    payload |= {OWN_CLAIM[other]: 3}
    if changed == "header":
        token = sign(header | {"typ": other_header["typ"]}, payload)
    else:
        token = sign(header, payload | {"aud": other_payload["aud"]})
    assert refused(purpose, token)
    assert refused(other, token)


@each_purpose
def test_an_expired_token_is_refused(purpose: str) -> None:
    header, payload = parts(purpose)
    moment = int(now().timestamp())
    assert refused(purpose, sign(header, payload | {"exp": moment - 1}))
    assert refused(purpose, sign(header, payload | {"exp": moment}))
    assert not refused(purpose, sign(header, payload | {"exp": moment + 30}))


def test_each_purpose_lives_as_long_as_it_was_told() -> None:
    tokens = Tokens(KEYRING, ISSUER, access_ttl=0)
    assert refused("access", tokens.issue_access(ACCESS))
    assert not refused("refresh", tokens.issue_refresh(REFRESH, BEGIN, END))
    assert refused("refresh", tokens.issue_refresh(REFRESH, BEGIN, BEGIN))


@each_purpose
@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "own"])
def test_a_token_without_a_claim_is_refused(purpose: str, claim: str) -> None:
    header, payload = parts(purpose)
    del payload[OWN_CLAIM[purpose] if claim == "own" else claim]
    assert refused(purpose, sign(header, payload))


def a_day_ahead() -> int:
    return int((now() + timedelta(days=1)).timestamp())


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "iss of somebody else": {"iss": "https://evil.example.com"},
    "iss with a slash": {"iss": f"{ISSUER}/"},
    "iss none": {"iss": None},
    "iss list": {"iss": [ISSUER]},
    "aud of somebody else": {"aud": "somebody else"},
    "aud none": {"aud": None},
    "aud empty": {"aud": ""},
    "aud list": {"aud": ["contactsvc:access", "contactsvc:refresh"]},
    "sub no number": {"sub": "seven"},
    "sub none": {"sub": None},
    "sub object": {"sub": {}},
    "sid none": {"sid": None},
    "sid list": {"sid": [70]},
    "own none": {"ver": None, "ctr": None},
    "own text": {"ver": "x", "ctr": "x"},
    "iat ahead": {"iat": a_day_ahead()},
    "nbf ahead": {"nbf": a_day_ahead()},
    "exp text": {"exp": "tomorrow"},
    "exp none": {"exp": None},
}


@each_purpose
@pytest.mark.parametrize("changes", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS.keys())
def test_a_wrong_claim_is_refused(purpose: str, changes: dict[str, Any]) -> None:
    header, payload = parts(purpose)
    assert refused(purpose, sign(header, payload | changes))


NOT_TOKENS = {
    "empty": "",
    "a dot": ".",
    "dots": "..",
    "many dots": "." * 50,
    "one part": "abc",
    "two parts": "abc.def",
    "not base64": "!.!.!",
    "not ASCII": "ÄÖÜ.äöü.€",
    "Arabic digits": "١٢٣.٤٥٦.٧٨٩",
    "a lone surrogate": "\udcff.\udcff.\udcff",
    "NUL": "\0",
    "spaces": " " * 10,
    "JSON": json.dumps({"alg": "none"}),
    "a header that is no object": f"{b64(b'[]')}.{b64(b'{}')}.x",
    "a header that is a number": f"{b64(b'1')}.{b64(b'{}')}.x",
    "a header that is null": f"{b64(b'null')}.{b64(b'{}')}.x",
    "a header that is no JSON": f"{b64(b'{')}.{b64(b'{}')}.x",
    "a header that is no UTF-8": f"{b64(bytes(range(128, 160)))}.{b64(b'{}')}.x",
    "a header nested as deep as a header field can be": f"{b64(b'[' * 5900)}.e30.x",
    "a header with a number of many digits": f"{b64(b'1' * 5900)}.e30.x",
}


@each_purpose
@pytest.mark.parametrize("token", NOT_TOKENS.values(), ids=NOT_TOKENS.keys())
def test_what_is_no_token_is_refused(purpose: str, token: str) -> None:
    assert refused(purpose, token)


@each_purpose
@pytest.mark.parametrize("payload", [[], 1, None, "text", [[]], {}])
def test_a_signed_payload_that_is_no_claims_is_refused(purpose: str, payload: object) -> None:
    header, _ = parts(purpose)
    assert refused(purpose, sign(header, payload))


@given(st.text())
def test_any_text_is_refused_in_the_one_way(token: str) -> None:
    assert refused("access", token)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=4))
def test_any_signed_claims_are_refused_in_the_one_way(claims: dict[str, Any]) -> None:
    header, _ = parts("access")
    assert refused("access", sign(header, claims))


@each_purpose
def test_a_refusal_does_not_repeat_the_token(purpose: str) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        READ[purpose](TOKENS, f"{ISSUE[purpose](TOKENS)}x")
    assert refusal.value.detail == Unauthenticated.default_detail


def test_the_secret_is_used_as_it_is_set() -> None:
    message, _, mac = ISSUE["access"](TOKENS).rpartition(".")
    assert mac == b64(hmac.digest(SECRET.encode(), message.encode(), hashlib.sha256))


GOLDEN = {
    "access": (
        "eyJhbGciOiJIUzI1NiIsImtpZCI6IjYzYmM5NWM3ZDk3NmNjMjEiLCJ0eXAiOiJhdCtqd3QifQ."
        "eyJpc3MiOiJodHRwczovL2NvbnRhY3RzLmV4YW1wbGUuY29tIiwiYXVkIjoiY29udGFjdHN2YzphY2Nlc3MiLC"
        "JzdWIiOiI3Iiwic2lkIjo3MCwianRpIjoicXFxcXFxcXFxcXFxcXFxcSIsImlhdCI6MTc2OTg2MDgwMCwiZXhw"
        "IjoxNzY5ODYxNzAwLCJ2ZXIiOjN9.8yRTQs_m7ZfycEMiG9uYGsqTDnmpotesYbEfbMxaM3M"
    ),
    "refresh": (
        "eyJhbGciOiJIUzI1NiIsImtpZCI6IjYzYmM5NWM3ZDk3NmNjMjEiLCJ0eXAiOiJydCtqd3QifQ."
        "eyJpc3MiOiJodHRwczovL2NvbnRhY3RzLmV4YW1wbGUuY29tIiwiYXVkIjoiY29udGFjdHN2YzpyZWZyZXNoIi"
        "wic3ViIjoiNyIsInNpZCI6NzAsImp0aSI6IjcwLjMiLCJpYXQiOjE3Njk4NjA4MDAsImV4cCI6MTc2OTg2NDQw"
        "MCwiY3RyIjozfQ.mPa_Vwy98NdFyL5ldfF62tllSY-8IsYoBhGN1Sqa084"
    ),
}
"""What version 0.1.0 gave for CLAIMS at noon of 31 January 2026: clients still hold such tokens."""


@each_purpose
def test_a_token_of_the_release_before_is_good_and_new_ones_are_like_it(
    purpose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    clock.moment = noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
    monkeypatch.setattr(
        "contactsvc.accounts.security.tokens.secrets.token_urlsafe", lambda _: "q" * 16
    )
    new = {
        "access": lambda: TOKENS.issue_access(ACCESS),
        "refresh": lambda: TOKENS.issue_refresh(REFRESH, noon, noon + timedelta(hours=1)),
    }[purpose]()

    assert READ[purpose](TOKENS, GOLDEN[purpose]) == CLAIMS[purpose]
    for theirs, ours in zip(GOLDEN[purpose].split(".")[:2], new.split(".")[:2], strict=True):
        assert decoded(ours) == decoded(theirs)
