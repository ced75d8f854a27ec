"""Tags are listed with counts, renamed, merged and removed, told apart without case."""

from typing import Any
from urllib.parse import quote

from tests.conftest import MakePerson, Person, pointers


async def _listed(person: Person) -> dict[str, int]:
    answer = await (await person.get("/api/tags/")).json()
    return {tag["name"]: tag["contacts"] for tag in answer["items"]}


async def _tags(person: Person, contact: dict[str, Any]) -> list[str]:
    answer = await (await person.get(f"/api/contacts/{contact['id']}")).json()
    tags: list[str] = answer["tags"]
    return tags


async def test_tags_are_listed_by_name_in_the_spelling_of_most(grace: Person) -> None:
    assert await _listed(grace) == {}
    for tags in (["Œuvre", "friends"], ["Friends"], ["friends", "zebra"], []):
        await grace.add_contact(tags=tags)
    listed = await _listed(grace)
    assert list(listed.items()) == [("friends", 3), ("Œuvre", 1), ("zebra", 1)]


async def test_renaming_changes_every_contact_and_its_version(grace: Person) -> None:
    one = await grace.add_contact(tags=["friends", "zebra"])
    other = await grace.add_contact(tags=["FRIENDS"])
    path = f"/api/contacts/{one['id']}"
    before = (await grace.get(path)).headers["ETag"]
    response = await grace.patch("/api/tags/friends", json={"name": "pals/été"})
    assert response.status == 200
    assert await response.json() == {"name": "pals/été", "contacts": 2}
    assert await _tags(grace, one) == ["pals/été", "zebra"]
    assert await _tags(grace, other) == ["pals/été"]
    assert (await grace.get(path)).headers["ETag"] != before
    found = await (await grace.get("/api/contacts/", params={"tag": "PALS/ÉTÉ"})).json()
    assert len(found["items"]) == 2
    assert (await grace.patch("/api/tags/friends", json={"name": "x"})).status == 404
    assert (await grace.delete(f"/api/tags/{quote('pals/été', safe='')}")).status == 204
    assert await _listed(grace) == {"zebra": 1}


async def test_renaming_onto_another_merges_both(grace: Person) -> None:
    both = await grace.add_contact(tags=["a", "b", "c"])
    one = await grace.add_contact(tags=["b"])
    response = await grace.patch("/api/tags/b", json={"name": "A"})
    assert await response.json() == {"name": "A", "contacts": 2}
    assert await _tags(grace, both) == ["a", "c"]
    assert await _tags(grace, one) == ["A"]


async def test_a_tag_may_be_spelled_anew(grace: Person) -> None:
    contact = await grace.add_contact(tags=["friends"])
    assert (await grace.patch("/api/tags/friends", json={"name": "Friends"})).status == 200
    assert await _tags(grace, contact) == ["Friends"]


async def test_more_contacts_than_a_batch_are_all_renamed(grace: Person, monkeypatch: Any) -> None:
    monkeypatch.setattr("contactsvc.contacts.bulk.BATCH", 2)
    for _ in range(5):
        await grace.add_contact(tags=["old"])
    response = await grace.patch("/api/tags/old", json={"name": "new"})
    assert await response.json() == {"name": "new", "contacts": 5}
    assert await _listed(grace) == {"new": 5}


async def test_tags_are_ones_own(grace: Person, make_person: MakePerson) -> None:
    ada = await make_person("ada@example.com")
    contact = await grace.add_contact(tags=["mine"])
    assert await _listed(ada) == {}
    assert (await ada.patch("/api/tags/mine", json={"name": "x"})).status == 404
    assert (await ada.delete("/api/tags/mine")).status == 404
    assert await _tags(grace, contact) == ["mine"]


async def test_names_that_do_not_fit(grace: Person) -> None:
    await grace.add_contact(tags=["a"])
    for name in ("", "x" * 51, "a\tb", "\u200b"):
        assert await pointers(await grace.patch("/api/tags/a", json={"name": name})) == {"/name"}
    assert await pointers(await grace.patch(f"/api/tags/{'x' * 51}", json={"name": "b"})) == {
        "/name"
    }
