"""Headers, algorithms and keys of signed tokens: nothing but our own signature is taken."""

from typing import Any

import jwt
import pytest

from contactsvc.accounts.security.tokens import Tokens
from contactsvc.platform.keyring import Keyring
from tests.support.passwords import (
    ACCESS,
    CLAIMS,
    ISSUE,
    ISSUER,
    OLD_SECRET,
    READ,
    SECRET,
    TOKENS,
    b64,
    decoded,
    each_purpose,
    parts,
    refused,
    sign,
)

WRONG_HEADERS: dict[str, dict[str, Any]] = {
    "alg of another size": {"alg": "HS512"},
    "alg of key pairs": {"alg": "RS256"},
    "alg of curves": {"alg": "ES256"},
    "alg in small letters": {"alg": "hs256"},
    "alg of no text": {"alg": ["HS256"]},
    "typ plain": {"typ": "JWT"},
    "typ none": {"typ": None},
    "typ in capitals": {"typ": "AT+JWT"},
    "kid unknown": {"kid": "0123456789abcdef"},
    "kid empty": {"kid": ""},
    "kid none": {"kid": None},
    "kid a number": {"kid": 1},
    "kid a list": {"kid": []},
    "kid an object": {"kid": {}},
    "kid a path": {"kid": "../../../../../../dev/null"},
    "kid a file": {"kid": "/etc/passwd"},
    "kid SQL": {"kid": "x' UNION SELECT 'key' --"},
    "kid a URL": {"kid": "https://evil.example.com/key"},
    "crit": {"crit": ["exp"]},
    "crit unknown": {"crit": ["https://evil.example.com"], "https://evil.example.com": True},
    "crit empty": {"crit": []},
    "crit none": {"crit": None},
}


@each_purpose
@pytest.mark.parametrize("changes", WRONG_HEADERS.values(), ids=WRONG_HEADERS.keys())
def test_a_wrong_header_is_refused(purpose: str, changes: dict[str, Any]) -> None:
    header, payload = parts(purpose)
    assert refused(purpose, sign(header | changes, payload))


@each_purpose
@pytest.mark.parametrize("missing", ["alg", "typ", "kid"])
def test_a_header_without_a_part_is_refused(purpose: str, missing: str) -> None:
    header, payload = parts(purpose)
    del header[missing]
    assert refused(purpose, sign(header, payload))


@each_purpose
@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None])
@pytest.mark.parametrize("signature", ["", "x", "kept"])
def test_a_token_signed_with_no_algorithm_is_refused(
    purpose: str, alg: str | None, signature: str
) -> None:
    header, payload = parts(purpose)
    message, _, mac = sign(header | {"alg": alg}, payload).rpartition(".")
    assert refused(purpose, f"{message}.{mac if signature == 'kept' else signature}")


@each_purpose
@pytest.mark.parametrize("digest", ["sha384", "sha512"])
def test_the_right_key_with_another_algorithm_is_refused(purpose: str, digest: str) -> None:
    header, payload = parts(purpose)
    alg = f"HS{digest[3:]}"
    assert refused(purpose, sign(header | {"alg": alg}, payload, digest=digest))


@each_purpose
def test_a_key_that_the_token_brings_along_is_refused(purpose: str) -> None:
    header, payload = parts(purpose)
    own = "a key of the attacker's own, long enough"
    jwk = {"kty": "oct", "k": b64(own.encode())}
    urls = {"jku": "https://evil.example.com/keys", "x5u": "https://evil.example.com/cert"}
    assert refused(purpose, sign(header | {"jwk": jwk} | urls, payload, own))


@each_purpose
@pytest.mark.parametrize("secret", ["", " ", "secret", SECRET.upper(), SECRET[:-1], "kid"])
def test_another_secret_is_refused(purpose: str, secret: str) -> None:
    header, payload = parts(purpose)
    assert refused(purpose, sign(header, payload, header["kid"] if secret == "kid" else secret))


@each_purpose
def test_a_retired_key_verifies_but_does_not_sign(purpose: str) -> None:
    before = Tokens(Keyring(OLD_SECRET), ISSUER, 900)
    after = Tokens(Keyring(SECRET, [OLD_SECRET]), ISSUER, 900)
    assert READ[purpose](after, ISSUE[purpose](before)) == CLAIMS[purpose]
    assert not refused(purpose, ISSUE[purpose](after), TOKENS)
    assert refused(purpose, ISSUE[purpose](after), before)
    assert refused(purpose, ISSUE[purpose](before), TOKENS)


@each_purpose
def test_the_name_of_one_key_with_the_signature_of_another_is_refused(purpose: str) -> None:
    both = Tokens(Keyring(SECRET, [OLD_SECRET]), ISSUER, 900)
    header, payload = parts(purpose)
    assert refused(purpose, sign(header, payload, OLD_SECRET), both)


@each_purpose
def test_no_character_of_a_token_can_be_changed(purpose: str) -> None:
    token = ISSUE[purpose](TOKENS)
    changed = [
        f"{token[:at]}{'A' if token[at] != 'A' else 'B'}{token[at + 1 :]}"
        # The very last character holds bits that base64 does not read.
        for at in range(len(token) - 1)
    ]
    assert [other for other in changed if not refused(purpose, other)] == []


@each_purpose
def test_signing_is_the_librarys_to_the_byte(purpose: str) -> None:
    token = ISSUE[purpose](TOKENS)
    header, payload = (decoded(part) for part in token.split(".")[:2])
    assert jwt.encode(payload, SECRET, "HS256", header) == token


def test_a_key_that_is_none_for_hmac_signs_nothing() -> None:
    """Not at the second time either, though a key is examined only once."""
    public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----"
    tokens = Tokens(Keyring(public), ISSUER, 900)
    for _ in range(2):
        with pytest.raises(jwt.InvalidKeyError):
            tokens.issue_access(ACCESS)
