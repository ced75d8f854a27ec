"""Access tokens that the service did not make, or not for this."""

from typing import Any

import pytest

from contactsvc.platform.settings import Settings
from tests.conftest import Person, problem
from tests.support.forgery import forge, long_ago

FORGERIES: dict[str, dict[str, Any]] = {
    "another key": {"secret": "another-key-0123456789abcdefghijklmn"},
    "no signature": {"secret": "", "algorithm": "none"},
    "another algorithm": {"algorithm": "HS512"},
    "an unknown key's name": {"headers": {"kid": "0000000000000000"}},
    "another purpose": {"headers": {"typ": "rt+jwt"}},
    "another audience": {"aud": "contactsvc:refresh"},
    "another issuer": {"iss": "https://elsewhere.example.com"},
    "expired": {"exp": long_ago()},
    "without expiry": {"without": "exp"},
    "another session": {"sid": 999},
    "another user": {"sub": "999"},
    "a newer version": {"ver": 999},
    "an older version": {"ver": 0},
}


async def test_a_token_signed_as_the_service_signs_is_accepted(
    grace: Person, settings: Settings
) -> None:
    """The others in the table below are refused for what was changed in them."""
    grace.tokens["access_token"] = forge(grace.tokens["access_token"], settings.secret_key)

    assert (await grace.get("/api/users/me")).status == 200


async def test_a_forged_access_token_is_refused(
    grace: Person, settings: Settings, subtests: pytest.Subtests
) -> None:
    for change in FORGERIES.values():
        with subtests.test(change=change):
            genuine = grace.tokens["access_token"]
            grace.tokens["access_token"] = forge(
                genuine, **({"secret": settings.secret_key} | change)
            )

            await problem(await grace.get("/api/users/me"), 401, "unauthenticated")


async def test_what_is_no_bearer_token_is_refused(grace: Person, subtests: pytest.Subtests) -> None:
    for header in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer a.b.c",
        "Basic {token}",
        "{token}",
        "Token {token}",
    ]:
        with subtests.test(header=header):
            headers = {"Authorization": header.format(token=grace.tokens["access_token"])}

            response = await grace.client.get("/api/users/me", headers=headers)

            await problem(response, 401, "unauthenticated")
            assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_the_word_bearer_may_be_written_in_any_case(grace: Person) -> None:
    headers = {"Authorization": f"bEARER {grace.tokens['access_token']}"}

    assert (await grace.client.get("/api/users/me", headers=headers)).status == 200
