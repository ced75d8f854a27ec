"""An upload that is slow keeps nobody out, and of those that have arrived two are worked on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientResponse

from contactsvc.contacts.services import ContactServices, services_of
from contactsvc.web.upload_slots import GRACE
from tests.conftest import MakePerson, Person, problem
from tests.contacts.transfer.test_views import CSV, IMPORT, bring, names, report
from tests.support.loop_clock import LoopClock
from tests.support.raw import Wire, wire
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.own_app

HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="c.csv"\r\n\r\n'
BODIES = {
    "text/csv": CSV,
    "multipart/form-data; boundary=b": HEAD + CSV + b"\r\n--b--\r\n",
}


@pytest.fixture
async def opened() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture(params=BODIES)
def media_type(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def services(person: Person) -> ContactServices:
    app = person.client.app
    assert app is not None
    return services_of(app)


async def begin(opened: AsyncExitStack, person: Person, media_type: str) -> Wire:
    """Send half of an import."""
    reader, writer = await opened.enter_async_context(wire(person.client))
    token, body = person.tokens["access_token"], BODIES[media_type]
    head = (
        f"POST {IMPORT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    slots = services(person).import_uploads
    before = len(slots)
    writer.write(head.encode() + body[:40])
    await until(lambda: len(slots) == before + 1)
    return reader, writer


async def status(reader: asyncio.StreamReader) -> int:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    return int(head.split()[1])


async def test_slow_uploads_keep_nobody_out(
    make_person: MakePerson, grace: Person, opened: AsyncExitStack, media_type: str
) -> None:
    slow = [await make_person(f"slow{n}@example.com", client=grace.client) for n in range(3)]
    wires = [await begin(opened, person, media_type) for person in slow]

    assert (await report(await bring(grace, CSV)))["created"] == 2

    for person, (reader, writer) in zip(slow, wires, strict=True):
        writer.write(BODIES[media_type][40:])
        assert await status(reader) == 200
        assert len(await names(person)) == 2


async def test_another_one_of_the_same_person_comes_when_the_first_is_slow(
    grace: Person, opened: AsyncExitStack, media_type: str
) -> None:
    reader, _ = await begin(opened, grace, media_type)
    refused = await bring(grace, CSV)
    await problem(refused, 503, "unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    LoopClock().move(GRACE)
    assert (await report(await bring(grace, CSV)))["created"] == 2
    assert await status(reader) == 503


async def test_of_places_there_are_so_many(grace: Person, opened: AsyncExitStack) -> None:
    slots = services(grace).import_uploads
    for n in range(slots.most):
        opened.enter_context(slots.admit(f"other {n}"))
    await problem(await bring(grace, CSV), 503, "unavailable")


async def test_what_has_arrived_waits_for_its_turn(grace: Person) -> None:
    queue, slots = services(grace).imports, services(grace).import_uploads

    async def until_it_waits() -> asyncio.Task[ClientResponse]:
        work = asyncio.ensure_future(bring(grace, CSV))
        await until(lambda: queue.waiting)
        return work

    async with AsyncExitStack() as others:
        for _ in range(queue.most):
            await others.enter_async_context(queue.turn())
        late = await until_it_waits()
        LoopClock().move(queue.timeout)
        await problem(await late, 503, "unavailable")
        assert await names(grace) == []
        await until(lambda: not len(slots))
        work = await until_it_waits()
    assert (await report(await work))["created"] == 2
