"""How many batches there may be, and who may send them."""

import asyncio

import asyncpg

from tests.conftest import MakeClient, MakePerson, Person, problem
from tests.contacts.batches.support import PATH, book, create, delete, send
from tests.support.waiting import PATIENCE


async def test_every_ten_operations_count_as_a_request(
    make_client: MakeClient, make_person: MakePerson
) -> None:
    client = await make_client(user_limit="12/minute")
    grace, ada = [await make_person(f"{name}@example.com", client=client) for name in ("g", "a")]
    gone = delete({"id": 999_999})
    for person, sizes in ((grace, (100, 11)), (ada, (10,) * 12)):
        for size in sizes:
            assert (await send(person, *[gone] * size, atomic=False)).status == 200
        await problem(await send(person, gone), 429, "rate_limited")


async def test_of_five_batches_of_a_user_under_way_one_is_turned_away(
    grace: Person, make_person: MakePerson, postgres_url: str
) -> None:
    await grace.add_contact()
    other = await make_person("other@example.com")
    holder = await asyncpg.connect(postgres_url)
    try:
        async with asyncio.timeout(PATIENCE):
            async with holder.transaction():
                await holder.execute("SELECT FROM address_books FOR UPDATE")
                sent = [asyncio.ensure_future(send(grace, create())) for _ in range(5)]
                # The others have no answer while the book is held.
                done, waiting = await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
                assert len(waiting) == 4
                await problem(done.pop().result(), 503, "unavailable")
                assert (await send(other, create())).status == 200
            assert [(await answer).status for answer in waiting] == [200] * 4
    finally:
        await holder.close()
    assert len(await book(grace)) == 5
    assert (await send(grace, create())).status == 200


async def test_an_app_password_that_only_reads_sends_none(grace: Person) -> None:
    for scope, status in (("read", 403), ("write", 200)):
        made = await grace.post("/api/users/me/app_passwords", json={"name": "x", "scope": scope})
        headers = {"Authorization": f"Bearer {(await made.json())['password']}"}
        response = await grace.client.post(PATH, json={"operations": [create()]}, headers=headers)
        assert response.status == status
