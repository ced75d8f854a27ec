"""How many contacts one user may have."""

import asyncio

from tests.conftest import MakeClient, MakePerson, problem

PATH = "/api/contacts/"


async def test_a_quota_is_exact_however_many_add_at_once(
    make_client: MakeClient, make_person: MakePerson
) -> None:
    client = await make_client(max_contacts=5)
    grace = await make_person(client=client)
    bob = await make_person("bob@example.com", client=client)

    answers = await asyncio.gather(
        *(grace.post(PATH, json={"first_name": f"{n}"}) for n in range(20))
    )

    assert sorted(answer.status for answer in answers) == [201] * 5 + [409] * 15
    refused = next(answer for answer in answers if answer.status == 409)
    assert "delete" in (await problem(refused, 409, "quota_exceeded"))["detail"]
    items = (await (await grace.get(PATH)).json())["items"]
    assert len(items) == 5
    one = f"{PATH}{items[0]['id']}"
    assert (await grace.patch(one, json={"notes": "still mine"})).status == 200
    assert (await bob.post(PATH, json={"first_name": "Ada"})).status == 201
    assert (await grace.delete(one)).status == 204
    answers = await asyncio.gather(*(grace.post(PATH, json={"first_name": "B"}) for _ in range(9)))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 8
