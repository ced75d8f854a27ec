"""How often a birthday calendar may be asked for."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest

from contactsvc.accounts.app_passwords.secret import new_password
from tests.conftest import MakeClient, MakePerson, Person, problem

LONG = "3/5minutes"
"""A limit whose window does not end while a test runs."""

MakeCalendar = Callable[..., Awaitable[tuple[Person, str]]]


@pytest.fixture
def make_calendar(make_client: MakeClient, make_person: MakePerson) -> MakeCalendar:
    """Return Grace at a service with certain limits, and the path of her calendar."""

    async def make(**limits: str) -> tuple[Person, str]:
        grace = await make_person(client=await make_client(**limits))
        made = await (await grace.post("/api/users/me/birthday_feed")).json()
        return grace, urlsplit(made["url"]).path

    return make


async def statuses(person: Person, path: str, tries: int, **headers: str) -> list[int]:
    return [(await person.client.get(path, headers=headers)).status for _ in range(tries)]


@pytest.mark.parametrize("secret", ["x", new_password(1)], ids=["no secret", "nobody's"])
async def test_guesses_are_counted_by_address(make_calendar: MakeCalendar, secret: str) -> None:
    grace, path = await make_calendar(login_limit_per_address=LONG)
    guess = f"/api/birthdays/{secret}.ics"

    assert await statuses(grace, guess, 5) == [404] * 3 + [429] * 2

    response = await grace.client.get(guess)
    await problem(response, 429, "rate_limited")
    assert response.headers["RateLimit"].startswith('"birthday-feed-address"')
    assert await statuses(grace, path, 2) == [200] * 2, "whoever knows the URL is let in"
    await grace.sign_in()  # which is counted apart


async def test_who_has_it_is_not_counted(make_calendar: MakeCalendar) -> None:
    grace, path = await make_calendar(transfer_limit=LONG)
    etag = (await grace.client.get(path)).headers["ETag"]

    assert await statuses(grace, path, 10, **{"If-None-Match": etag}) == [304] * 10
    assert [(await grace.client.head(path)).status for _ in range(5)] == [200] * 5
    assert await statuses(grace, path, 4) == [200] * 2 + [429] * 2
    assert (await grace.get("/api/contacts/export")).status == 200
