"""Uploads of photos that meet each other, a deletion or an error: one as a whole, or none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from contactsvc.assembly import services_of
from tests.conftest import PASSWORD, Person, problem
from tests.support.photo_uploads import photo_of, put_photo
from tests.support.pictures import flag
from tests.support.waiting import until

pytestmark = pytest.mark.own_app

EVERYTHING = "SELECT photo, etag, version FROM contacts FULL JOIN contact_photos ON contact_id = id"


def under_way(person: Person) -> int:
    """Return how many uploads the service is reading."""
    return services_of(person.client.app).photo_uploads._admitted.total()


async def halves(go_on: asyncio.Event) -> AsyncIterator[bytes]:
    """Yield half of a picture, and the rest when it is asked for."""
    yield flag()[:60]
    await go_on.wait()
    yield flag()[60:]


async def in_the_middle_of_an_upload(
    person: Person, contact: dict[str, Any], do: Callable[[], Awaitable[Any]]
) -> Any:
    """Upload a photo, do something when half of it has come, and return the answer."""
    go_on = asyncio.Event()
    upload = asyncio.create_task(put_photo(person, contact, halves(go_on)))
    await until(lambda: under_way(person))
    await do()
    go_on.set()
    return await upload


async def test_of_two_at_once_one_wins_wholly(grace: Person, pg: asyncpg.Connection) -> None:
    ada = await grace.add_contact()
    files = [flag(size=(20 + number, 20)) for number in range(4)]

    answers = await asyncio.gather(*(put_photo(grace, ada, file) for file in files))

    assert [answer.status for answer in answers] == [204] * 4
    ((photo, etag, version),) = await pg.fetch(EVERYTHING)
    assert (photo, version) == (etag, 5)
    assert (await grace.get(photo_of(ada))).headers["ETag"] == f'"{photo}"'


async def test_of_many_who_set_the_first_one_succeeds(grace: Person) -> None:
    ada = await grace.add_contact()
    files = [flag(size=(20 + number, 20)) for number in range(4)]

    answers = await asyncio.gather(
        *(put_photo(grace, ada, file, If_None_Match="*") for file in files)
    )

    assert sorted(answer.status for answer in answers) == [204, 412, 412, 412]


async def test_setting_and_changing_at_once(grace: Person, pg: asyncpg.Connection) -> None:
    ada = await grace.add_contact()
    path = f"/api/contacts/{ada['id']}"

    answers = await asyncio.gather(
        *(put_photo(grace, ada, flag(size=(20 + number, 20))) for number in range(4)),
        *(grace.patch(path, json={"notes": str(number)}) for number in range(8)),
    )

    assert {answer.status for answer in answers} == {200, 204}
    ((photo, etag, version),) = await pg.fetch(EVERYTHING)
    assert (photo, version) == (etag, 13)
    assert await pg.fetchval("SELECT seq FROM address_books") == 13


async def test_a_contact_that_is_deleted_during_the_upload(
    grace: Person, pg: asyncpg.Connection
) -> None:
    ada = await grace.add_contact()

    answer = await in_the_middle_of_an_upload(
        grace, ada, lambda: grace.delete(f"/api/contacts/{ada['id']}")
    )

    await problem(answer, 404, "not_found")
    assert await pg.fetch(EVERYTHING) == []


async def test_an_account_that_is_deleted_during_the_upload(
    grace: Person, pg: asyncpg.Connection
) -> None:
    ada = await grace.add_contact()
    body = {"password": PASSWORD}

    answer = await in_the_middle_of_an_upload(
        grace, ada, lambda: grace.delete("/api/users/me", json=body)
    )

    await problem(answer, 401, "unauthenticated")
    assert await pg.fetch(EVERYTHING) == []


async def test_a_photo_that_is_set_during_the_upload_of_the_first(grace: Person) -> None:
    ada = await grace.add_contact()
    go_on = asyncio.Event()
    late = asyncio.create_task(put_photo(grace, ada, halves(go_on), If_None_Match="*"))
    await until(lambda: under_way(grace))
    assert (await put_photo(grace, ada, flag("GIF"))).status == 204
    go_on.set()

    await problem(await late, 412, "precondition_failed")


async def test_so_many_uploads_at_a_time(grace: Person, pg: asyncpg.Connection) -> None:
    """Each holds up to 5 MiB, so one person has four, and what is more is to be sent again."""
    contacts = [await grace.add_contact() for _ in range(20)]
    go_on = asyncio.Event()
    uploads = [asyncio.create_task(put_photo(grace, each, halves(go_on))) for each in contacts]
    await until(lambda: sum(upload.done() for upload in uploads) == 16)
    assert under_way(grace) == 4
    go_on.set()
    answers = await asyncio.gather(*uploads)

    assert sorted(answer.status for answer in answers) == [204] * 4 + [503] * 16
    refused = [answer for answer in answers if answer.status == 503]
    assert {answer.headers["Retry-After"] for answer in refused} == {"2"}
    assert under_way(grace) == 0
    assert await pg.fetchval("SELECT count(*) FROM contact_photos") == 4
    assert (await put_photo(grace, contacts[0], flag())).status == 204


async def test_an_upload_that_breaks_off_gives_its_place_back(grace: Person) -> None:
    ada = await grace.add_contact()

    async def broken() -> AsyncIterator[bytes]:
        yield flag()[:60]
        await until(lambda: under_way(grace))
        raise ConnectionError

    with pytest.raises(Exception):  # noqa: B017, PT011 - aiohttp's client raises what it likes
        await put_photo(grace, ada, broken())

    await until(lambda: under_way(grace) == 0)
    assert (await put_photo(grace, ada, flag())).status == 204
