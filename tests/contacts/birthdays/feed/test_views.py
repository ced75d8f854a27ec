"""The birthday calendar, as programs subscribe to it."""

from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from aiohttp import ClientResponse

from contactsvc.assembly import services_of
from contactsvc.contacts.birthdays.feed import repository
from contactsvc.platform.settings import Settings
from tests.conftest import MakePerson, Person, pointers, problem
from tests.contacts.birthdays.feed import calendars
from tests.support.app_passwords import add_app_password, bearer
from tests.support.work import statements_of_requests

PATH = "/api/users/me/birthday_feed"


async def subscribe(person: Person) -> str:
    """Return the path of a new calendar."""
    response = await person.post(PATH)
    assert response.status == 201, await response.text()
    assert response.headers["Cache-Control"] == "no-store"
    body = await response.json()
    assert set(body) == {"url"}
    return str(urlsplit(body["url"]).path)


async def fetch(person: Person, path: str, **kwargs: Any) -> ClientResponse:
    """Ask as a program does, which is not signed in."""
    return await person.client.get(path, **kwargs)


async def summaries(person: Person, path: str) -> list[str]:
    response = await fetch(person, path)
    assert response.status == 200, await response.text()
    return [str(event["SUMMARY"]) for event in calendars.events(await response.read())]


async def test_all_birthdays_of_ones_own(grace: Person, make_person: MakePerson) -> None:
    ada = await make_person("ada@example.org")
    await ada.add_contact(first_name="Charles", birthday="1991-12-26")
    path = await subscribe(grace)
    assert await summaries(grace, path) == []
    await grace.add_contact(first_name="Zoë", last_name="Łukasz", birthday="1990-11-22")
    await grace.add_contact(first_name="", organization="O'Neill, Ltd; Co", birthday="--02-03")
    await grace.add_contact(first_name="Nobody")
    deleted = await grace.add_contact(birthday="1990-01-01")
    assert (await grace.delete(f"/api/contacts/{deleted['id']}")).status == 204

    assert await summaries(grace, path) == ["🎂 O'Neill, Ltd; Co", "🎂 Zoë Łukasz (1990)"]
    assert await summaries(ada, await subscribe(ada)) == ["🎂 Charles (1991)"]


async def test_what_the_answer_says_of_itself(grace: Person) -> None:
    await grace.add_contact(birthday="1990-11-22")
    path = await subscribe(grace)

    response = await fetch(grace, path, headers={"Accept": "text/html"})
    head = await grace.client.head(path)

    assert response.status == head.status == 200
    assert await head.read() == b""
    for name, value in {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'inline; filename="birthdays.ics"',
        "Cache-Control": "private, no-cache",
        "Referrer-Policy": "no-referrer",
        "ETag": response.headers["ETag"],
    }.items():
        assert response.headers[name] == head.headers[name] == value


async def test_the_url_is_shown_once_and_kept_as_a_digest(
    grace: Person, pg: asyncpg.Connection
) -> None:
    secret = (await subscribe(grace)).removeprefix("/api/birthdays/").removesuffix(".ics")

    kept = str(await pg.fetch("SELECT t::text FROM feed_secrets AS t"))
    assert secret not in kept
    assert secret.replace("-", "") not in kept
    assert secret not in await (await grace.get("/api/users/me")).text()


async def test_the_url_is_whole(grace: Person, settings: Settings) -> None:
    made = await (await grace.post(PATH)).json()

    assert made["url"].startswith(f"{settings.public_url}/api/birthdays/")
    assert made["url"].endswith(".ics")


async def test_a_new_url_ends_the_one_before(grace: Person) -> None:
    first = await subscribe(grace)
    second = await subscribe(grace)

    await problem(await fetch(grace, first), 404, "not_found")
    assert (await fetch(grace, second)).status == 200


async def test_it_can_be_ended(grace: Person, make_person: MakePerson) -> None:
    path = await subscribe(grace)
    ada = await make_person("ada@example.org")
    assert (await ada.delete(PATH)).status == 204
    assert (await fetch(grace, path)).status == 200

    for _ in range(2):
        assert (await grace.delete(PATH)).status == 204

    await problem(await fetch(grace, path), 404, "not_found")
    await problem(await fetch(grace, path, headers={"If-None-Match": "*"}), 404, "not_found")


async def test_a_disabled_user_has_none(grace: Person, pg: asyncpg.Connection) -> None:
    path = await subscribe(grace)

    await pg.execute("UPDATE users SET is_active = false")

    await problem(await fetch(grace, path), 404, "not_found")


@pytest.mark.parametrize(
    "secret",
    [
        *("x", "1", "1a-7hq2-mx4k-9c0r-5tzw-8b3n-e6dp-j2k4", "z" * 41, "0" * 4000),
        *("%00", "%ff", "%ed%a0%80", "a%2fb", "é" * 30, "%20", "..%2f..%2f", "{secret}"),
    ],
)
async def test_what_is_no_secret_is_answered_alike(grace: Person, secret: str) -> None:
    response = await fetch(grace, f"/api/birthdays/{secret}.ics")

    body = await problem(response, 404, "not_found")
    assert "errors" not in body
    assert secret not in body["detail"]


async def test_secrets_are_good_for_one_thing(
    grace: Person, pg: asyncpg.Connection, make_person: MakePerson
) -> None:
    path = await subscribe(grace)
    password = await add_app_password(pg)

    await problem(await fetch(grace, f"/api/birthdays/{password}.ics"), 404, "not_found")
    secret = path.removeprefix("/api/birthdays/").removesuffix(".ics")
    answer = await fetch(grace, "/api/contacts/", headers=bearer(secret))
    await problem(answer, 401, "unauthenticated")
    answer = await grace.client.post(PATH, headers=bearer(password))
    await problem(answer, 403, "forbidden")


async def test_nothing_new_costs_one_statement(grace: Person) -> None:
    await grace.add_contact(birthday="1990-11-22")
    path = await subscribe(grace)
    etag = (await fetch(grace, path)).headers["ETag"]

    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        with statements_of_requests() as sent:
            response = await fetch(grace, path, headers={"If-None-Match": known})
        assert response.status == 304
        assert response.headers["ETag"] == etag
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert len(sent) == 1


async def test_its_etag_is_that_of_the_book(grace: Person, make_person: MakePerson) -> None:
    ada = await make_person("ada@example.org")
    path = await subscribe(grace)
    etags = []

    async def note(**params: str) -> None:
        etags.append((await fetch(grace, path, params=params)).headers["ETag"])

    await note()
    contact = await grace.add_contact(birthday="1990-11-22")
    await note()
    await grace.patch(f"/api/contacts/{contact['id']}", json={"first_name": "Zoë"})
    await note()
    await note(leap_day="mar1")
    await grace.delete(f"/api/contacts/{contact['id']}")
    await note()
    assert len(set(etags)) == len(etags)

    await ada.add_contact(birthday="1990-11-22")
    await note()
    await note(leap_day="feb28")
    assert etags[-3:] == [etags[-1]] * 3


@pytest.mark.parametrize(
    ("leap_day", "days"),
    [({}, [(2, 28), (2, 29)]), ({"leap_day": "mar1"}, [(2, 29), (3, 1)])],
    ids=["by default", "mar1"],
)
async def test_who_was_born_on_the_leap_day(
    grace: Person, leap_day: dict[str, str], days: list[tuple[int, int]]
) -> None:
    await grace.add_contact(birthday="--02-29")

    text = await (await fetch(grace, await subscribe(grace), params=leap_day)).read()

    found = {day for event in calendars.events(text) for day in calendars.days(event)}
    assert sorted({(day.month, day.day) for day in found}) == days


@pytest.mark.parametrize("params", [{"leap_day": "feb30"}, {"leap_day": ""}, {"days": "7"}])
async def test_a_query_is_looked_at(grace: Person, params: dict[str, str]) -> None:
    response = await fetch(grace, await subscribe(grace), params=params)

    [name] = params
    assert await pointers(response) == {f"/{name}"}


async def test_a_large_book_comes_in_pieces(grace: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "PAGE", 2)
    for number in range(5):
        await grace.add_contact(first_name=f"Ada {number % 3}", birthday="--12-10")
    path = await subscribe(grace)

    with statements_of_requests() as sent:
        found = await summaries(grace, path)

    assert found == [f"🎂 Ada {number}" for number in (0, 0, 1, 1, 2)]
    assert len(sent) == 1 + 3


@pytest.mark.own_app
async def test_so_many_at_a_time(grace: Person, pg: asyncpg.Connection) -> None:
    app = grace.client.app
    assert app is not None
    path, feeds = await subscribe(grace), services_of(app).feeds
    etag = (await fetch(grace, path)).headers["ETag"]
    grace_id = await pg.fetchval("SELECT id FROM users")

    with feeds.admit(grace_id), feeds.admit(grace_id):
        await problem(await fetch(grace, path), 503, "unavailable")
        assert (await fetch(grace, path, headers={"If-None-Match": etag})).status == 304
    assert (await fetch(grace, path)).status == 200
