"""Contacts are merged into one that has what all of them had; nothing of any is lost."""

import asyncio
from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.contacts import bulk
from tests.conftest import Person, problem
from tests.contacts.operations.support import (
    CONTACTS,
    TRASH,
    body_of,
    change,
    contacts,
    operations,
    timeless,
    trash,
    undo,
)
from tests.support.photo_uploads import put_photo
from tests.support.pictures import flag

MERGE = "/api/contacts/merge"


def entry(value: str, kind: str | None = None, label: str = "") -> dict[str, Any]:
    return {"value": value, "type": kind, "label": label}


async def merge(person: Person, into: int, *others: int, **more: Any) -> dict[str, Any]:
    return await body_of(await person.post(MERGE, json={"into": into, "from": others, **more}))


async def add(person: Person, *contacts: dict[str, Any]) -> list[dict[str, Any]]:
    return [await person.add_contact(**fields) for fields in contacts]


ADA = {
    "last_name": "Lovelace",
    "emails": [entry("ada@example.com"), entry("a@example.org", "home")],
    "phones": [entry("+44 20 7946 0958", "work")],
    "tags": ["friends"],
    "notes": "Wrote the first program.",
}
AUGUSTA = {
    "first_name": "Augusta",
    "last_name": "King",
    "nickname": "Countess",
    "emails": [entry("ADA@example.com", "work"), entry("king@example.com")],
    "phones": [entry("020 7946 0958"), entry("112")],
    "urls": [entry("https://example.com/ada")],
    "birthday": "1815-12-10",
    "tags": ["Friends", "maths"],
    "notes": "Countess of Lovelace.",
    "favorite": True,
}


async def test_what_the_one_has_comes_first_and_lists_are_united(grace: Person) -> None:
    await grace.patch("/api/users/me", json={"region": "GB"})
    ada, augusta, bob = await add(grace, ADA, AUGUSTA, {"first_name": "Bob"})

    body = await merge(grace, ada["id"], augusta["id"])

    merged = body["contact"]
    assert {k: merged[k] for k in ("id", "uid", "created_at")} == {
        k: ada[k] for k in ("id", "uid", "created_at")
    }
    assert (merged["first_name"], merged["last_name"]) == ("Ada", "Lovelace")
    assert (merged["nickname"], merged["birthday"]) == ("Countess", "1815-12-10")
    assert merged["favorite"] is True
    assert merged["tags"] == ["friends", "maths"]
    assert merged["notes"] == "Wrote the first program.\n\nCountess of Lovelace."
    assert merged["emails"] == [
        entry("ada@example.com", "work"),
        entry("a@example.org", "home"),
        entry("king@example.com"),
    ]
    phones = [(each["value"], each["e164"], each["type"]) for each in merged["phones"]]
    assert phones == [("+44 20 7946 0958", "+442079460958", "work"), ("112", None, None)]
    assert merged["urls"] == AUGUSTA["urls"]
    assert await contacts(grace) == [merged, bob]
    assert list(map(timeless, await trash(grace))) == [timeless(augusta)]
    (item,) = (await operations(grace))["items"]
    assert (item["id"], item["kind"], item["contacts"]) == (body["operation_id"], "merge", 2)


async def test_the_version_before_is_kept_and_says_what_came_after_it(grace: Person) -> None:
    ada, augusta = await add(grace, ADA, AUGUSTA)
    merged = (await merge(grace, ada["id"], augusta["id"]))["contact"]
    changed = await change(grace, ada["id"], notes="")
    versions = await body_of(await grace.get(f"{CONTACTS}{ada['id']}/versions"))
    assert [(each["by"], each["contact"]) for each in versions["items"]] == [
        ("merge", merged),
        ("api", ada),
    ]
    assert changed["notes"] == ""


async def test_what_is_given_counts_whatever_they_have(grace: Person) -> None:
    ada, augusta = await add(grace, ADA, AUGUSTA)
    fields = {"last_name": "King", "nickname": None, "emails": [entry("new@example.com")]}
    merged = (await merge(grace, ada["id"], augusta["id"], contact=fields))["contact"]
    assert (merged["last_name"], merged["nickname"]) == ("King", "")
    assert (merged["emails"], merged["email"]) == (fields["emails"], "new@example.com")
    assert len(merged["phones"]) == 3


async def test_a_preview_can_be_sent_back_as_what_is_wanted(grace: Person) -> None:
    ada, augusta = await add(grace, ADA, AUGUSTA)
    before = await contacts(grace)
    in_body = await merge(grace, ada["id"], augusta["id"], dry_run=True)
    ids = {"into": ada["id"], "from": [augusta["id"]]}
    answer = await grace.post(MERGE, json=ids, params={"dry_run": "true"})
    assert await body_of(answer) == in_body
    assert (in_body["operation_id"], answer.headers["ETag"]) == (None, '"1"')
    assert await contacts(grace) == before
    assert (await trash(grace), (await operations(grace))["items"]) == ([], [])

    wanted = in_body["contact"] | {"title": "Countess"}
    merged = (await merge(grace, ada["id"], augusta["id"], contact=wanted))["contact"]
    assert timeless(merged) == timeless(wanted)


async def test_one_that_has_nothing_more_leaves_the_version_as_it_is(grace: Person) -> None:
    ada, other = await add(grace, ADA, {"email": "ADA@example.com"})
    answer = await grace.post(MERGE, json={"into": ada["id"], "from": [other["id"]]})
    body = await body_of(answer)
    assert (body["contact"], answer.headers["ETag"]) == (ada, '"1"')
    await undo(grace, body["operation_id"])
    assert len(await contacts(grace)) == 2


async def test_it_is_undone_as_if_it_had_not_been(grace: Person) -> None:
    before = await add(grace, ADA, AUGUSTA, {"first_name": "Third", "notes": "3"})
    await put_photo(grace, before[1], flag())
    before = await contacts(grace)
    ids = [each["id"] for each in before]
    body = await merge(grace, *ids)
    assert body["contact"]["photo_url"] is not None

    undone = await undo(grace, body["operation_id"])

    assert undone == {"restored": 3, "kept": [], "kept_count": 0}
    assert list(map(timeless, await contacts(grace))) == list(map(timeless, before))
    statuses = [(await grace.get(f"{CONTACTS}{key}/photo")).status for key in ids]
    assert statuses == [404, 200, 404]


async def test_the_photo_is_the_ones_own_or_else_that_of_the_first(grace: Person) -> None:
    ids = [each["id"] for each in await add(grace, *({"first_name": name} for name in "ABCD"))]
    for contact_id, kind in zip(ids[1:], ("PNG", "JPEG", "PNG"), strict=True):
        await put_photo(grace, {"id": contact_id}, flag(kind))
    photos = [await (await grace.get(f"{CONTACTS}{key}/photo")).read() for key in ids]

    await merge(grace, ids[0], ids[2], ids[3])
    assert await (await grace.get(f"{CONTACTS}{ids[0]}/photo")).read() == photos[2]
    await merge(grace, ids[0], ids[1])
    assert await (await grace.get(f"{CONTACTS}{ids[0]}/photo")).read() == photos[2]


async def test_what_has_no_room_is_kept_for_exports(grace: Person) -> None:
    ada, other = await add(
        grace,
        {"urls": [entry(f"https://{n}.example") for n in range(20)], "notes": "n" * 9_000},
        {"urls": [entry("https://more.example")], "notes": "m" * 2_000},
    )
    merged = (await merge(grace, ada["id"], other["id"]))["contact"]
    assert (len(merged["urls"]), merged["notes"]) == (20, ada["notes"])
    accept = {"Accept": "text/vcard"}
    card = await (await grace.get(f"{CONTACTS}{ada['id']}", headers=accept)).text()
    card = card.replace("\r\n ", "")
    assert "X-CONTACTSVC-URL:https://more.example" in card
    assert f"X-CONTACTSVC-NOTES:{'m' * 2_000}" in card


async def test_a_number_stays_as_it_was_read_elsewhere(grace: Person) -> None:
    (ada,) = await add(grace, ADA)
    await grace.patch("/api/users/me", json={"region": "GB"})
    (other,) = await add(grace, {"phone": "020 7946 0000"})
    await grace.patch("/api/users/me", json={"region": "UA"})
    merged = (await merge(grace, ada["id"], other["id"]))["contact"]
    assert [each["e164"] for each in merged["phones"]] == ["+442079460958", "+442079460000"]


async def test_two_who_merge_the_same_at_once_lose_nothing(grace: Person) -> None:
    ada, augusta = await add(grace, ADA, AUGUSTA)
    tries = [
        grace.post(MERGE, json={"into": into["id"], "from": [other["id"]]})
        for into, other in ((ada, augusta), (augusta, ada))
    ]
    assert sorted(answer.status for answer in await asyncio.gather(*tries)) == [200, 404]
    assert len(await contacts(grace)) == len(await trash(grace)) == 1


async def test_it_is_noted_in_the_audit_log(grace: Person, pg: asyncpg.Connection) -> None:
    ids = [each["id"] for each in await add(grace, ADA, AUGUSTA)]
    body = await merge(grace, *ids)
    row = await pg.fetchrow("SELECT * FROM audit_events WHERE event = 'contacts_merged'")
    assert row["actor_id"] == row["user_id"] is not None
    assert orjson.loads(row["data"]) == {"operation_id": body["operation_id"], "deleted": 1}


async def test_contacts_that_are_read_one_by_one_are_all_merged(
    grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH", 1)
    ids = [each["id"] for each in await add(grace, *({"tags": [tag]} for tag in "abcd"))]
    assert (await merge(grace, *reversed(ids)))["contact"]["tags"] == ["d", "c", "b", "a"]
    await problem(await grace.post(f"{TRASH}/{ids[3]}/restore"), 404, "not_found")
