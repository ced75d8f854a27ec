"""Who is merged into another contact makes room for it in groups, as a phone sees them."""

import asyncio
import re

import asyncpg
import pytest

from contactsvc.contacts.dav.cards import memberships
from tests.conftest import MakePerson, Person
from tests.contacts.dav.cards.support import group
from tests.contacts.dav.support import ETAG, Phone, phone_of
from tests.contacts.operations.support import CONTACTS, body_of, contacts, delete, undo
from tests.support.work import statements_of_requests

MERGE = "/api/contacts/merge"
MEMBER = re.compile(r"^(?:X-ADDRESSBOOKSERVER-)?MEMBER:(.*)\r$", re.MULTILINE)


async def people(person: Person, *uids: str) -> list[int]:
    """Add contacts, and return their ids."""
    added = [await person.add_contact(uid=uid, first_name=uid) for uid in uids]
    return [contact["id"] for contact in added]


async def merge(person: Person, into: int, *others: int) -> int:
    """Merge contacts, and return the id of the operation."""
    done = await body_of(await person.post(MERGE, json={"into": into, "from": others}))
    operation_id: int = done["operation_id"]
    return operation_id


async def put(phone: Phone, title: str, *uids: str) -> None:
    """Store a group that is called by its title."""
    response = await phone.put(title, group(title, *uids, uid=f"group-{title}"))
    assert response.status in (201, 204), await response.text()


async def text_of(phone: Phone, name: str) -> str:
    response = await phone.request("GET", phone.card(name))
    assert response.status == 200
    text: str = await response.text()
    return text.replace("\r\n ", "")


async def members(phone: Phone, *titles: str) -> dict[str, list[str]]:
    """Return the members of groups, as their cards list them."""
    return {
        title: [
            uri.removeprefix("urn:uuid:") for uri in MEMBER.findall(await text_of(phone, title))
        ]
        for title in titles
    }


async def test_the_contact_that_stays_takes_the_places_of_the_others(
    grace: Person, phone: Phone
) -> None:
    ada, bea, eve, _ = await people(grace, "ada", "bea", "eve", "zoe")
    await put(phone, "One", "zoe", "bea")
    await put(phone, "All", "bea", "zoe", "ada", "eve")
    await put(phone, "Two", "eve", "unknown", "bea")
    await put(phone, "None", "zoe", "ada")
    before = (await phone.sync())[0]
    _, token = await phone.sync()

    await merge(grace, ada, bea, eve)

    assert await members(phone, "One", "All", "Two", "None") == {
        "One": ["zoe", "ada"],
        "All": ["zoe", "ada"],
        "Two": ["ada", "unknown"],
        "None": ["zoe", "ada"],
    }
    told, _ = await phone.sync(token)
    changed = {href for href, each in told.items() if each.status != 404}
    assert changed == {phone.card(name) for name in ("ada", "One", "All", "Two")}
    assert all(told[href].text(ETAG) != before[href].text(ETAG) for href in changed)
    for href in changed:
        etag = (await phone.request("GET", href)).headers["ETag"]
        assert etag == told[href].text(ETAG)
    tags = {each["uid"]: sorted(each["tags"]) for each in await contacts(grace)}
    assert tags == {"ada": ["All", "None", "One", "Two"], "zoe": ["All", "None", "One"]}


@pytest.mark.parametrize("version", ["3.0", "4.0"])
async def test_all_else_of_a_card_stays(grace: Person, phone: Phone, version: str) -> None:
    ada, bea = await people(grace, "ada", "bea")
    sent = group("Friends", "zoe", "bea", version=version)
    sent = sent.replace(b"END:", b"NOTE:a\\, b\r\nX-OWN;X=y:kept\r\nEND:")
    assert (await phone.put("Friends", sent)).status == 201

    await merge(grace, ada, bea)

    lines = set(sent.decode().replace(":bea", ":ada").splitlines())
    accept = {"Accept": f"text/vcard; version={version}"}
    response = await phone.request("GET", phone.card("Friends"), **accept)
    assert set((await response.text()).splitlines()) == lines


async def test_one_that_is_listed_in_two_ways_is_replaced_once(grace: Person, phone: Phone) -> None:
    ada, bea = await people(grace, "ada", "urn:uuid:bea")
    sent = group("Friends", "bea").replace(b":bea", b":bea\r\nX-ADDRESSBOOKSERVER-MEMBER:bea")
    assert (await phone.put("Friends", sent)).status == 201
    operation_id = await merge(grace, ada, bea)
    assert await members(phone, "Friends") == {"Friends": ["ada"]}
    await undo(grace, operation_id)
    assert await members(phone, "Friends") == {"Friends": ["bea"]}


async def test_two_whose_uids_are_one_to_groups_stay_members(grace: Person, phone: Phone) -> None:
    ada, other = await people(grace, "ada", "urn:uuid:ada")
    await put(phone, "Friends", "ada")
    await merge(grace, ada, other)
    assert await members(phone, "Friends") == {"Friends": ["ada"]}


async def test_members_that_are_listed_are_members_for_later_cards(
    grace: Person, phone: Phone
) -> None:
    """A card of the contact that stays brings the tags of its groups."""
    ada, bea = await people(grace, "ada", "bea")
    await put(phone, "Friends", "bea")
    await merge(grace, ada, bea)
    sent = b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ada\r\nFN:ada\r\nN:;ada;;;\r\nEND:VCARD\r\n"
    assert (await phone.put("ada", sent)).status == 204
    assert [each["tags"] for each in await contacts(grace)] == [["Friends"]]
    await delete_group(phone, "Friends")
    assert [each["tags"] for each in await contacts(grace)] == [[]]


async def delete_group(phone: Phone, name: str) -> None:
    assert (await phone.request("DELETE", phone.card(name))).status == 204


async def test_groups_of_somebody_else_stay(
    grace: Person, phone: Phone, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    ada, bea = await people(grace, "ada", "bea")
    eve = await make_person("eve@example.com")
    await people(eve, "ada", "bea")
    others = await phone_of(eve, pg)
    for each in (phone, others):
        await put(each, "Friends", "bea")
    before, token = await text_of(others, "Friends"), (await others.sync())[1]
    operation_id = await merge(grace, ada, bea)
    assert await text_of(others, "Friends") == before
    assert (await members(phone, "Friends"))["Friends"] == ["ada"]
    await undo(grace, operation_id)
    assert await others.sync(token) == ({}, token)


async def test_a_merge_that_fails_leaves_groups_as_they_are(
    grace: Person, phone: Phone, pg: asyncpg.Connection
) -> None:
    ada, bea = await people(grace, "ada", "bea")
    await put(phone, "Friends", "bea")
    _, token = await phone.sync()
    await pg.execute("ALTER TABLE contact_operations ADD CONSTRAINT none CHECK (contacts = 0)")
    try:
        assert (await grace.post(MERGE, json={"into": ada, "from": [bea]})).status == 500
    finally:
        await pg.execute("ALTER TABLE contact_operations DROP CONSTRAINT none")
    preview = await grace.post(MERGE, json={"into": ada, "from": [bea], "dry_run": True})
    assert preview.status == 200
    assert await phone.sync(token) == ({}, token)
    assert await members(phone, "Friends") == {"Friends": ["bea"]}


@pytest.mark.parametrize(("most", "parts"), [(1, 5), (2000, 2), (10**6, 1)])
async def test_many_groups_are_read_some_at_a_time(
    grace: Person, phone: Phone, monkeypatch: pytest.MonkeyPatch, most: int, parts: int
) -> None:
    monkeypatch.setattr(memberships, "MAX_BYTES", most)
    ada, bea = await people(grace, "ada", "bea")
    sizes = {f"{size:03}": size for size in (40, 1, 9, 2, 3)}
    for title, size in sizes.items():
        await put(phone, title, *(f"{number}" for number in range(size)), "bea")
    with statements_of_requests() as sent:
        operation_id = await merge(grace, ada, bea)
    reads = [each for each in sent if "text FROM card_groups" in each]
    assert len(reads) == parts
    found = await members(phone, *sizes)
    assert {title: (len(listed), listed[-1]) for title, listed in found.items()} == {
        title: (size + 1, "ada") for title, size in sizes.items()
    }
    await undo(grace, operation_id)
    found = await members(phone, *sizes)
    assert {listed[-1] for listed in found.values()} == {"bea"}


async def test_a_card_that_nobody_can_read_any_more_keeps_nobody_from_merging(
    grace: Person, phone: Phone, pg: asyncpg.Connection
) -> None:
    ada, bea = await people(grace, "ada", "bea")
    await put(phone, "Friends", "bea")
    await pg.execute("UPDATE card_groups SET text = 'x'")
    await merge(grace, ada, bea)
    assert await pg.fetchval("SELECT text FROM card_groups") == b"x"


async def test_merges_and_cards_at_once_lose_no_member(grace: Person, phone: Phone) -> None:
    """They take turns: each locks the book before any group."""
    uids = [f"p{number}" for number in range(8)]
    ids = await people(grace, *uids)
    for title in ("One", "Two"):
        await put(phone, title, *uids)
    pairs = list(zip(ids[:4], ids[4:], strict=True))
    operations = await asyncio.gather(
        *(merge(grace, into, other) for into, other in pairs),
        *(put(phone, f"new{number}", *uids) for number in range(3)),
    )
    assert await members(phone, "One", "Two") == {"One": uids[:4], "Two": uids[:4]}
    await asyncio.gather(*(undo(grace, each) for each in operations if each))
    listed = await members(phone, "One", "Two")
    assert [sorted(each) for each in listed.values()] == [uids, uids]


async def test_a_merge_of_those_in_no_group_has_nothing_to_give_back(
    grace: Person, phone: Phone
) -> None:
    ada, bea = await people(grace, "ada", "bea")
    await put(phone, "Friends", "ada")
    _, token = await phone.sync()
    await undo(grace, await merge(grace, ada, bea))
    assert phone.card("Friends") not in (await phone.sync(token))[0]
    await delete(grace, bea)
    assert (await grace.get(f"{CONTACTS}{ada}")).status == 200
