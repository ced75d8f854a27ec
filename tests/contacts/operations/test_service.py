"""What was done to many contacts at once is undone at once, but for what was changed since."""

import asyncio
from secrets import token_hex

import asyncpg
import orjson
import pytest

from contactsvc.contacts import bulk
from contactsvc.contacts.operations import service
from contactsvc.platform.caller import Caller
from contactsvc.platform.errors import Conflict
from tests.conftest import MakeClient, MakePerson, Person, problem
from tests.contacts.operations.support import (
    CONTACTS,
    OPERATIONS,
    TRASH,
    change,
    contacts,
    delete,
    imported,
    operations,
    timeless,
    trash,
    undo,
)
from tests.support.locks import race
from tests.support.photos import add_photo

HEAD = b"First name,Last name,E-mail,Phone,Notes\r\n"
UPDATE = {"on_duplicate": "update"}


RECORD = (
    "INSERT INTO contact_operations"
    " (owner_id, kind, at, contacts, contact_ids, versions_before, versions_after)"
    " SELECT min(id), 'batch', now(), 0, $1, $2, $3 FROM users RETURNING id"
)


async def recorded(pg: asyncpg.Connection, *changed: tuple[int, int, int]) -> int:
    """Record what was done to contacts of the only user, and return the id of the operation."""
    columns = zip(*changed, strict=True) if changed else ([], [], [])
    operation_id: int = await pg.fetchval(RECORD, *map(list, columns))
    return operation_id


async def test_what_an_import_has_added_goes_into_the_trash(grace: Person) -> None:
    kept = await grace.add_contact(first_name="Grace")
    operation_id = await imported(grace, HEAD + b"Ada,,,,\r\nBob,,,,\r\n")
    added = (await contacts(grace))[1:]

    assert await undo(grace, operation_id) == {"restored": 2, "kept": [], "kept_count": 0}

    assert await contacts(grace) == [kept]
    assert list(map(timeless, await trash(grace))) == list(map(timeless, added))
    (item,) = (await operations(grace))["items"]
    assert item["undone_at"] > item["at"]


async def test_what_an_import_has_changed_gets_its_values_back(grace: Person) -> None:
    before = await grace.add_contact(last_name="Lovelace", email="ada@example.com", tags=["x"])
    row = b"Ada,Lovelace,ada@example.com,020 7946 0958,Wrote\r\n"
    operation_id = await imported(grace, HEAD + row, **UPDATE)
    (changed,) = await contacts(grace)
    assert changed["notes"] == "Wrote"

    assert (await undo(grace, operation_id))["restored"] == 1

    (after,) = await contacts(grace)
    assert timeless(after) == timeless(before)
    etag = (await grace.get(f"{CONTACTS}{after['id']}")).headers["ETag"]
    assert etag == '"3"'
    path = f"{CONTACTS}{after['id']}/versions"
    versions = (await (await grace.get(path)).json())["items"]
    assert [(item["by"], item["contact"]) for item in versions] == [
        ("import", changed),
        ("api", before),
    ]


async def test_what_was_deleted_comes_back_with_its_id_and_uid(
    grace: Person, pg: asyncpg.Connection
) -> None:
    before = [await grace.add_contact(first_name=name, uid=f"urn:{name}") for name in "AB"]
    await add_photo(pg, before[0]["id"])
    before = await contacts(grace)
    for each in before:
        await delete(grace, each["id"])
    operation_id = await recorded(pg, *((each["id"], 1, 0) for each in before))

    assert await undo(grace, operation_id) == {"restored": 2, "kept": [], "kept_count": 0}

    assert list(map(timeless, await contacts(grace))) == list(map(timeless, before))
    assert await trash(grace) == []
    assert (await grace.get(f"{CONTACTS}{before[0]['id']}/photo")).status == 200


async def test_what_was_changed_or_deleted_since_is_kept_and_named(
    grace: Person, pg: asyncpg.Connection
) -> None:
    names = ("Added", "Changed", "Back", "Trash", "Gone", "Taken")
    ids = {name: (await grace.add_contact(first_name=name, uid=name))["id"] for name in names}
    for name in ("Changed", "Added"):
        await change(grace, ids[name], notes="once")
    for name in ("Back", "Trash", "Gone", "Taken"):
        await delete(grace, ids[name])
    done = {"Added": (0, 1), "Changed": (1, 2), "Back": (1, 0), "Taken": (1, 0)}
    done |= {"Trash": (1, 2), "Gone": (1, 0)}
    operation_id = await recorded(pg, *((ids[k], *v) for k, v in done.items()))
    await change(grace, ids["Changed"], notes="twice")
    assert (await grace.post(f"{TRASH}/{ids['Back']}/restore")).status == 200
    assert (await grace.delete(f"{TRASH}/{ids['Gone']}")).status == 204
    await grace.add_contact(first_name="Other", uid="Taken")
    before = await contacts(grace), await trash(grace)

    undone = await undo(grace, operation_id)

    details = {each["id"]: (each["display_name"], each["detail"]) for each in undone["kept"]}
    assert details == {
        ids["Added"]: ("Added", "It has been changed since."),
        ids["Changed"]: ("Changed", "It has been changed since."),
        ids["Back"]: ("Back", "It has been changed since."),
        ids["Trash"]: ("Trash", "It has been deleted since."),
        ids["Gone"]: ("", "It has been deleted for good since."),
        ids["Taken"]: ("Taken", "Another contact has its uid now."),
    }
    assert (undone["restored"], undone["kept_count"]) == (0, 6)
    assert (await contacts(grace), await trash(grace)) == before


async def test_what_is_gone_already_and_was_added_is_undone(grace: Person) -> None:
    operation_id = await imported(grace, HEAD + b"Ada,,,,\r\nBob,,,,\r\n")
    await delete(grace, (await contacts(grace))[0]["id"])
    assert await undo(grace, operation_id) == {"restored": 2, "kept": [], "kept_count": 0}
    assert len(await trash(grace)) == 2


async def test_the_answer_names_a_few_and_counts_all(
    grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "NAMED", 3)
    monkeypatch.setattr(bulk, "BATCH", 2)
    operation_id = await imported(grace, HEAD + b"".join(b"A%d,,,,\r\n" % n for n in range(5)))
    ids = [each["id"] for each in await contacts(grace)]
    for contact_id in ids:
        await change(grace, contact_id, notes="mine")
    undone = await undo(grace, operation_id)
    assert [each["id"] for each in undone["kept"]] == ids[:3]
    assert (undone["restored"], undone["kept_count"]) == (0, 5)


async def test_it_is_done_once(grace: Person) -> None:
    operation_id = await imported(grace, HEAD + b"Ada,,,,\r\n")
    await undo(grace, operation_id)
    again = await grace.post(f"{OPERATIONS}/{operation_id}/undo")
    assert "already" in (await problem(again, 409, "conflict"))["detail"]
    assert len(await trash(grace)) == 1


async def test_it_is_done_within_thirty_days(grace: Person, pg: asyncpg.Connection) -> None:
    old, young = [await imported(grace, HEAD + name + b",,,,\r\n") for name in (b"Ada", b"Bob")]
    aged = "UPDATE contact_operations SET at = now() - make_interval(secs => $2) WHERE id = $1"
    await pg.execute(aged, old, service.TTL + 60)
    await pg.execute(aged, young, service.TTL - 60)
    refused = await grace.post(f"{OPERATIONS}/{old}/undo")
    assert "30 days" in (await problem(refused, 409, "conflict"))["detail"]
    assert (await undo(grace, young))["restored"] == 1


async def test_what_nobody_has_done_cannot_be_undone(grace: Person) -> None:
    for operation_id in (1, 2**63 - 1):
        answer = await grace.post(f"{OPERATIONS}/{operation_id}/undo")
        await problem(answer, 404, "not_found")
    for no_id in ("0", "x", str(2**63)):
        answer = await grace.post(f"{OPERATIONS}/{no_id}/undo")
        await problem(answer, 422, "validation_failed")


async def test_of_those_who_undo_at_once_one_does(grace: Person) -> None:
    operation_id = await imported(grace, HEAD + b"Ada,,,,\r\n")
    path = f"{OPERATIONS}/{operation_id}/undo"
    answers = await asyncio.gather(*(grace.post(path) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 4


async def test_what_another_process_undoes_meanwhile_is_seen(
    owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    operation_id = await recorded(pg)
    await pg.execute("INSERT INTO address_books (owner_id, id) VALUES ($1, 1)", owner)
    elsewhere = "SELECT FROM address_books FOR UPDATE; UPDATE contact_operations SET undone_at = at"
    undoing = service.undo(owner, None, 10, operation_id, Caller())
    [error] = await race(pg, postgres_url, elsewhere, undoing)
    assert isinstance(error, Conflict)


async def test_more_than_the_quota_is_refused_as_a_whole(
    make_client: MakeClient, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    grace = await make_person(client=await make_client(max_contacts=2))
    ada, bob = [await grace.add_contact(first_name=name) for name in ("Ada", "Bob")]
    for each in (ada, bob):
        await delete(grace, each["id"])
    operation_id = await recorded(pg, (ada["id"], 1, 0), (bob["id"], 1, 0))
    other = await grace.add_contact(first_name="Other")

    refused = await grace.post(f"{OPERATIONS}/{operation_id}/undo")
    await problem(refused, 409, "quota_exceeded")
    assert (await contacts(grace), len(await trash(grace))) == ([other], 2)

    await delete(grace, other["id"])
    assert (await undo(grace, operation_id))["restored"] == 2


@pytest.mark.parametrize("replaced", [False, True])
async def test_a_photo_that_was_added_goes_and_one_that_replaced_another_stays(
    grace: Person, pg: asyncpg.Connection, replaced: bool
) -> None:
    contact_id = (await grace.add_contact())["id"]
    if replaced:
        await add_photo(pg, contact_id)
    await change(grace, contact_id, notes="changed")
    if replaced:
        await pg.execute("UPDATE contact_photos SET etag = 'other'")
        await pg.execute("UPDATE contacts SET photo = 'other'")
    else:
        await add_photo(pg, contact_id)
    operation_id = await recorded(pg, (contact_id, 1, 2))

    assert (await undo(grace, operation_id))["restored"] == 1

    photo = await grace.get(f"{CONTACTS}{contact_id}/photo")
    assert photo.status == (200 if replaced else 404)
    assert await pg.fetchval("SELECT count(*) FROM contact_photos") == int(replaced)


async def test_it_is_noted_in_the_audit_log(grace: Person, pg: asyncpg.Connection) -> None:
    operation_id = await imported(grace, HEAD + b"Ada,,,,\r\nBob,,,,\r\n")
    await change(grace, (await contacts(grace))[0]["id"], notes="mine")
    await undo(grace, operation_id)
    row = await pg.fetchrow("SELECT * FROM audit_events WHERE event = 'operation_undone'")
    assert row["actor_id"] == row["user_id"] is not None
    counts = {"operation_id": operation_id, "restored": 1, "kept": 1}
    assert orjson.loads(row["data"]) == counts


async def test_contacts_of_any_size_are_undone_one_by_one(
    grace: Person, pg: asyncpg.Connection
) -> None:
    """With lines that take much room as they are stored, each comes alone."""
    ids = [(await grace.add_contact(first_name=name))["id"] for name in "ABCDEF"]
    lines = "UPDATE contacts SET extra = jsonb_build_array('X-A:' || $1::text)"
    await pg.execute(lines, token_hex(30_000))
    before = await contacts(grace)
    for contact_id in ids[:3]:
        await change(grace, contact_id, notes="changed")
    for contact_id in ids[3:]:
        await delete(grace, contact_id)
    operation_id = await recorded(
        pg, *((key, 1, 2) for key in ids[:3]), *((key, 1, 0) for key in ids[3:])
    )
    await delete(grace, ids[1])
    assert (await grace.delete(f"{TRASH}/{ids[4]}")).status == 204
    await pg.execute("UPDATE address_books SET contacts = NULL")  # to be counted

    undone = await undo(grace, operation_id)

    assert (undone["restored"], {each["id"] for each in undone["kept"]}) == (4, {ids[1], ids[4]})
    there = [timeless(each) for each in before if each["id"] not in (ids[1], ids[4])]
    assert list(map(timeless, await contacts(grace))) == there
    kept = await pg.fetch("SELECT octet_length(extra::text) AS size FROM contacts")
    assert [row["size"] for row in kept] == [60_008] * 4
    assert await pg.fetchval("SELECT contacts FROM address_books") == 4
