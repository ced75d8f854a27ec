"""The attack matrix: tokens that were forged."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any

import orjson
import pytest
from aiohttp import ClientResponse, web
from pytest_aiohttp.plugin import AiohttpServer

from contactsvc.platform.clock import now
from contactsvc.platform.settings import Settings
from tests.conftest import Client, Person, problem

OWN_KEY = b"a key that the attacker has chosen"


def encode(part: bytes) -> str:
    return urlsafe_b64encode(part).rstrip(b"=").decode()


def decode(part: str) -> dict[str, Any]:
    fields: dict[str, Any] = orjson.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return fields


@dataclass(frozen=True)
class Genuine:
    """A token of the service, and the key that signs it, which no attacker really has."""

    token: str
    key: bytes

    @property
    def parts(self) -> list[str]:
        return self.token.split(".")

    def bent(
        self,
        header: dict[str, Any] | None = None,
        *,
        key: bytes | None = None,
        digest: str = "sha256",
        without: str = "",
        **claims: Any,
    ) -> str:
        """Return the token with other headers or claims, signed with ``key``."""
        head, payload = decode(self.parts[0]) | (header or {}), decode(self.parts[1]) | claims
        kept = [
            {name: value for name, value in part.items() if name != without}
            for part in (head, payload)
        ]
        unsigned = ".".join(encode(json.dumps(part).encode()) for part in kept)
        secret = self.key if key is None else key
        return f"{unsigned}.{encode(hmac.digest(secret, unsigned.encode(), digest))}"


def no_signature(genuine: Genuine) -> Iterable[str]:
    head, payload, _ = genuine.parts
    return f"{head}.{payload}.", f"{head}.{payload}", f"{head}.{payload}.{encode(b'')}=="


def broken_signature(genuine: Genuine) -> Iterable[str]:
    head, payload, signature = genuine.parts
    other = "B" if signature[0] == "A" else "A"
    yield f"{head}.{payload}.{other}{signature[1:]}"
    yield f"{head}.{payload}.{signature[:-4]}"
    yield f"{head}.{payload}.{signature}{signature}"
    yield f"{head}.{genuine.bent(sub='2').split('.')[1]}.{signature}"  # of another payload


def alg_none(genuine: Genuine) -> Iterable[str]:
    for letters in product(*zip("none", "NONE", strict=True)):
        head, payload, signature = genuine.bent({"alg": "".join(letters)}).split(".")
        yield f"{head}.{payload}."
        yield f"{head}.{payload}.{signature}"


def another_algorithm(genuine: Genuine) -> Iterable[str]:
    """A key meant for one algorithm, taken for another's."""
    public = decode(genuine.parts[0])["kid"].encode()
    yield genuine.bent(key=public)  # what anybody may know of the key, taken for the key
    for alg in ("RS256", "ES256", "PS256", "EdDSA", "", "hs256", "HS256 "):
        yield genuine.bent({"alg": alg})
    yield genuine.bent({"alg": "HS384"}, digest="sha384")
    yield genuine.bent({"alg": "HS512"}, digest="sha512")
    yield genuine.bent(without="alg")


def blank_secret(genuine: Genuine) -> Iterable[str]:
    return [genuine.bent(key=key) for key in (b"", b"\0", b" ", b"secret", b"None", b"null")]


def inline_key(genuine: Genuine) -> Iterable[str]:
    jwk = {"kty": "oct", "alg": "HS256", "k": encode(OWN_KEY)}
    for extra in ({}, {"kid": "attacker"}):
        yield genuine.bent({"jwk": jwk | extra, **extra}, key=OWN_KEY)
        yield genuine.bent({"x5c": [encode(OWN_KEY)], **extra}, key=OWN_KEY)
    yield genuine.bent({"jwk": jwk}, key=OWN_KEY, without="kid")


def kid_traversal(genuine: Genuine) -> Iterable[str]:
    for path in ("../../../../dev/null", "/dev/null", "file:///dev/null", "%2e%2e/dev/null"):
        yield genuine.bent({"kid": path}, key=b"")


def kid_injection(genuine: Genuine) -> Iterable[str]:
    own = decode(genuine.parts[0])["kid"]
    wanted = OWN_KEY.decode()
    for kid in (f"x' UNION SELECT '{wanted}' -- ", f"{own}' OR '1'='1", "|id", "$(id)", "*"):
        yield genuine.bent({"kid": kid}, key=OWN_KEY)
    for odd in (None, 0, True, [own], {"kid": own}, f"{own}\0", f"{own} ", own.upper() + "é", ""):
        yield genuine.bent({"kid": odd})
    yield genuine.bent(without="kid")


def unknown_crit(genuine: Genuine) -> Iterable[str]:
    for crit in (["exp"], ["http://example.com/UNDEFINED"], [], ["b64"], "exp", None):
        yield genuine.bent({"crit": crit, "b64": False})


def expired(genuine: Genuine) -> Iterable[str]:
    moment = int(now().timestamp())
    for exp in (moment - 1, moment - 86_400, 0, -1):
        yield genuine.bent(exp=exp)
    yield genuine.bent(without="exp")


def not_yet_valid(genuine: Genuine) -> Iterable[str]:
    later = int(now().timestamp()) + 3600
    return genuine.bent(nbf=later), genuine.bent(iat=later)


def wrong_issuer(genuine: Genuine) -> Iterable[str]:
    own = decode(genuine.parts[1])["iss"]
    for iss in ("https://evil.example", f"{own}/", f"{own}.evil.example", [own], None, ""):
        yield genuine.bent(iss=iss)
    yield genuine.bent(without="iss")


def wrong_audience(genuine: Genuine) -> Iterable[str]:
    own = decode(genuine.parts[1])["aud"]
    for aud in ("contactsvc", "contactsvc:reset", [own], [own, "other"], own.upper(), None, "*"):
        yield genuine.bent(aud=aud)
    yield genuine.bent(without="aud")


def wrong_type(genuine: Genuine) -> Iterable[str]:
    for typ in ("JWT", "", None, ["at+jwt", "rt+jwt"]):
        yield genuine.bent({"typ": typ})
    yield genuine.bent(without="typ")


def impossible_claims(genuine: Genuine) -> Iterable[str]:
    """Signed with the true key, as after a leak or by a mistake: nothing that no column holds."""
    large = [2**63, -(2**63) - 1, 2**70, 10**300, -1]
    odd = [1.0, 1.5, True, None, [1], {"id": 1}, "", " 1", "1 ", "+1", "01", "1_0", "٣", "x"]
    for value in [*large, *odd]:
        yield genuine.bent(sub=value)
        yield genuine.bent(sub=str(value))
        yield genuine.bent(sid=value)
        yield genuine.bent(sid=str(value))
    for value in [2**31, *large, *odd, "0"]:
        yield genuine.bent(ctr=value, ver=value)


ATTACKS: dict[str, Callable[[Genuine], Iterable[str]]] = {
    "no signature": no_signature,
    "broken signature": broken_signature,
    "alg none": alg_none,
    "another algorithm": another_algorithm,
    "blank secret": blank_secret,
    "inline jwk": inline_key,
    "kid path traversal": kid_traversal,
    "kid injection": kid_injection,
    "unknown crit": unknown_crit,
    "expired": expired,
    "not yet valid": not_yet_valid,
    "wrong iss": wrong_issuer,
    "wrong aud": wrong_audience,
    "wrong typ": wrong_type,
    "impossible claims": impossible_claims,
}


async def show(client: Client, token: str) -> ClientResponse:
    """Present a token as an access token."""
    return await client.get("/api/users/me", headers={"Authorization": f"Bearer {token}"})


async def renew(client: Client, token: str) -> ClientResponse:
    """Present a token as a refresh token."""
    return await client.post("/api/auth/refresh", json={"refresh_token": token})


async def refused(person: Person, attack: Callable[[Genuine], Iterable[str]], key: bytes) -> None:
    """Assert that forgeries of both tokens are refused, and that the true ones still work."""
    access, refresh = person.tokens["access_token"], person.tokens["refresh_token"]
    for forged in attack(Genuine(access, key)):
        await problem(await show(person.client, forged), 401, "unauthenticated")
    for forged in attack(Genuine(refresh, key)):
        await problem(await renew(person.client, forged), 401, "unauthenticated")
    assert (await show(person.client, access)).status == 200
    renewed = await renew(person.client, refresh)
    assert renewed.status == 200, "a forgery ends nobody's session"
    person.tokens = await renewed.json()  # the token before is good for some seconds only


@pytest.mark.slow
async def test_a_forged_token_opens_nothing(
    grace: Person, settings: Settings, subtests: pytest.Subtests
) -> None:
    for attack in ATTACKS.values():
        with subtests.test(attack=attack):
            await refused(grace, attack, settings.secret_key.encode())


async def test_a_token_bent_in_nothing_is_accepted(grace: Person, settings: Settings) -> None:
    """The forgeries are refused for what was bent in them, and not for how they are made."""
    key = settings.secret_key.encode()

    assert (
        await show(grace.client, Genuine(grace.tokens["access_token"], key).bent())
    ).status == 200
    renewed = await renew(grace.client, Genuine(grace.tokens["refresh_token"], key).bent())
    assert renewed.status == 200


@pytest.mark.parametrize("header", ["jku", "x5u"])
async def test_a_key_is_never_fetched_from_where_a_token_says(
    grace: Person, settings: Settings, aiohttp_server: AiohttpServer, header: str
) -> None:
    asked = []

    async def keys(request: web.Request) -> web.Response:
        asked.append(request.path)
        key = {"kty": "oct", "kid": "attacker", "k": encode(OWN_KEY)}
        return web.json_response({"keys": [key]})

    app = web.Application()
    app.router.add_get("/keys", keys)
    url = str((await aiohttp_server(app)).make_url("/keys"))

    def attack(genuine: Genuine) -> Iterable[str]:
        yield genuine.bent({header: url, "kid": "attacker"}, key=OWN_KEY)
        yield genuine.bent({header: url}, key=OWN_KEY)
        yield genuine.bent({header: url}, key=OWN_KEY, without="kid")

    await refused(grace, attack, settings.secret_key.encode())
    assert asked == []
