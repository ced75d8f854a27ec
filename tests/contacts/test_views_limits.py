"""A contact that is as large as it may be, and many who change one at once."""

import asyncio
import json
import random
from typing import Any

import asyncpg
import pytest

from contactsvc.contacts.orders import SORTS
from contactsvc.contacts.search import MAX_BYTES
from tests.conftest import Person
from tests.contacts.test_views_pages import page
from tests.support.locks import until_locks_wait

LETTERS = [chr(code) for code in range(0x20000, 0x2A6D0)]
"""Of four bytes each, and as long in sort keys as any."""


class Whole:
    """A contact whose every text is as long as it may be, of letters that do not compress."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def text(self, length: int) -> str:
        return "".join(self._random.choices(LETTERS, k=length))

    def fields(self) -> dict[str, Any]:
        names = ("first_name", "last_name", "middle_name", "prefix", "suffix", "nickname")
        texts = ("organization", "department", "title")
        return {
            **{name: self.text(100) for name in names},
            **{name: self.text(200) for name in texts},
            "emails": [self._entry(self._email(), "work") for _ in range(20)],
            "phones": [self._entry(self._phone(), "mobile") for _ in range(20)],
            "urls": [self._entry(self.text(200), "work") for _ in range(20)],
            "relations": [{"value": self.text(200), "label": self.text(50)} for _ in range(20)],
            "tags": [self.text(50) for _ in range(50)],
            "notes": self.text(10_000),
            "uid": self.text(200),
        }

    def _entry(self, value: str, kind: str) -> dict[str, str]:
        return {"value": value, "type": kind, "label": self.text(50)}

    def _email(self) -> str:
        labels = ("".join(self._random.choices("abcdefghij", k=60)) for _ in range(3))
        return f"{''.join(self._random.choices('klmnopqrst', k=64))}@{'.'.join(labels)}.org"

    def _phone(self) -> str:
        return "".join(self._random.choices("0123456789", k=64))


async def sent(person: Person, method: str, path: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Send a contact as most clients do: not in escapes, which take three times as many bytes."""
    headers = {"Content-Type": "application/json"}
    body = json.dumps(fields, ensure_ascii=False).encode()
    response = await person.request(method, path, data=body, headers=headers)
    assert response.status in (200, 201), await response.text()
    contact: dict[str, Any] = await response.json()
    return contact


@pytest.mark.slow
async def test_letters_of_four_bytes_at_every_limit_at_once(
    grace: Person, pg: asyncpg.Connection, subtests: pytest.Subtests
) -> None:
    fields = Whole(1).fields()
    contact = await sent(grace, "POST", "/api/contacts/", fields)
    await grace.add_contact(first_name="Ada")

    row = await pg.fetchrow(
        "SELECT octet_length(search_key) AS key, octet_length(search_more) AS more,"
        " octet_length(last_name_sort) AS sort FROM contacts WHERE id = $1",
        contact["id"],
    )
    assert row["key"] <= MAX_BYTES < row["more"], "or nothing is tried"
    for sort in SORTS:
        assert {item["id"] for item in (await page(grace, sort=sort))["items"]} == {1, 2}

    words = [
        *(fields[name] for name in ("first_name", "last_name", "middle_name", "prefix", "suffix")),
        *(fields[name] for name in ("nickname", "organization")),
        *(entry["value"] for name in ("emails", "phones") for entry in fields[name]),
    ]
    for word in words:
        with subtests.test(word=word):
            for part in (word[:90], word[-20:]):
                found = await page(grace, q=part, include_total="1")
                assert [item["id"] for item in found["items"]] == [contact["id"]]
                assert found["total"] == 1
    # One from the index and one from the rest.
    both = f"{fields['first_name'][:20]} {fields['emails'][-1]['value'][:60]}"
    assert len((await page(grace, q=both))["items"]) == 1
    assert len((await page(grace, q=both, tag=fields["tags"][-1]))["items"]) == 1
    assert (
        len((await page(grace, tag=fields["tags"][0], email=fields["emails"][9]["value"]))["items"])
        == 1
    )
    assert (await page(grace, q=both, first_name="ada"))["items"] == []


async def test_a_change_of_the_largest_to_the_largest(grace: Person) -> None:
    contact = await sent(grace, "POST", "/api/contacts/", Whole(1).fields())
    other = Whole(2).fields()
    del other["uid"]
    changed = await sent(grace, "PUT", f"/api/contacts/{contact['id']}", other)
    assert {name: changed[name] for name in other if name != "phones"} == {
        name: value for name, value in other.items() if name != "phones"
    }
    assert (await page(grace, q=other["emails"][-1]["value"][:200]))["items"] == [changed]


async def test_of_twenty_writers_with_the_same_etag_one_wins(
    grace: Person, pg: asyncpg.Connection, postgres_url: str
) -> None:
    await grace.add_contact(first_name="Ada", tags=["friends"])
    path = "/api/contacts/1"
    etag = (await grace.get(path)).headers["ETag"]

    async def write(number: int) -> int:
        body = {"notes": f"{number}", "tags": [f"tag {number}"]}
        response = await grace.patch(path, json=body, headers={"If-Match": etag})
        await response.read()
        return response.status

    holder = await asyncpg.connect(postgres_url)
    try:
        async with holder.transaction():
            await holder.execute("SELECT FROM address_books FOR UPDATE")
            writers = [asyncio.ensure_future(write(number)) for number in range(20)]
            await until_locks_wait(pg, 4)  # as many as the pool lets
        statuses = await asyncio.gather(*writers)
    finally:
        await holder.close()

    assert sorted(statuses) == [200] + [412] * 19
    winner = statuses.index(200)
    contact = await (await grace.get(path)).json()
    assert (contact["notes"], contact["tags"]) == (f"{winner}", [f"tag {winner}"])
    assert await pg.fetchval("SELECT count(*) FROM contact_versions") == 1
