"""The address book, filtered: by organization, tags, favourites and time; and its order."""

import asyncpg
import pytest

from tests.conftest import Person, pointers
from tests.contacts.test_views_pages import page


async def names(person: Person, **params: str) -> list[str]:
    """Return the notes of those found, in order, and check that they are counted alike."""
    found = await page(person, **params, include_total="1")
    assert found["total"] == len(found["items"])
    return [item["notes"] for item in found["items"]]


async def tagged(person: Person, *tags: str) -> list[str]:
    response = await person.get("/api/contacts/", params=[("tag", tag) for tag in tags])
    assert response.status == 200, await response.text()
    return [item["notes"] for item in (await response.json())["items"]]


@pytest.fixture
async def book(grace: Person) -> Person:
    for fields in (
        {"notes": "a", "first_name": "Ada", "tags": ["Friends", "Work"], "favorite": True},
        {"notes": "b", "first_name": "Bea", "tags": ["friends"], "organization": "Work & Co"},
        {"notes": "c", "first_name": "Cleo", "tags": ["best friends", "100%_"]},
        {"notes": "d", "first_name": "Dan", "organization": "Société Générale"},
        {"notes": "e", "first_name": "Work", "tags": ["Straße"], "nickname": "friends"},
    ):
        await grace.add_contact(**fields)
    return grace


async def test_a_tag_is_found_as_a_whole_in_any_case(book: Person) -> None:
    assert await tagged(book, "friends") == ["a", "b"]
    assert await tagged(book, "FRIENDS") == ["a", "b"]
    assert await tagged(book, "friend") == []
    assert await tagged(book, "best friends") == ["c"]
    assert await tagged(book, "STRASSE") == ["e"]
    assert await tagged(book, "Strase") == []


async def test_all_tags_are_needed(book: Person) -> None:
    assert await tagged(book, "friends", "work") == ["a"]
    assert await tagged(book, "work", "Friends", "work") == ["a"]
    assert await tagged(book, "friends", "best friends") == []


async def test_tags_of_a_long_query_are_needed_too(book: Person) -> None:
    """It is so long that its validated form is not kept."""
    assert await tagged(book, "friends", *["work"] * 40) == ["a"]
    assert await tagged(book, "best friends", *["work"] * 40) == []


@pytest.mark.parametrize("tag", ["%", "_", "100%", "100__", "\\", "100%\\_", "fr%"])
async def test_no_character_of_a_tag_is_special(book: Person, tag: str) -> None:
    assert await tagged(book, tag) == []
    assert await tagged(book, "100%_") == ["c"]


@pytest.mark.parametrize("tag", ["", " ", "\u200b", "\x1f"])
async def test_an_empty_tag_is_none(book: Person, tag: str) -> None:
    assert await tagged(book, tag, "work") == ["a"]


async def test_tags_are_not_words_to_search_for(book: Person) -> None:
    assert await names(book, q="best") == []
    assert await names(book, q="friends") == ["e"]
    assert await names(book, q="work") == ["b", "e"]


async def test_tags_that_do_not_fit(book: Person) -> None:
    response = await book.get("/api/contacts/", params=[("tag", "x")] * 51)
    assert await pointers(response) == {"/tag"}
    for wrong in ("x" * 51, "fri\x01ends", "a\x1f\x1fb"):
        assert await pointers(await book.get("/api/contacts/", params={"tag": wrong})) == {"/tag"}


async def test_an_organization(book: Person) -> None:
    assert await names(book, organization="societe g") == ["d"]
    assert await names(book, organization="work") == ["b"]
    assert await names(book, organization="ada") == []
    assert await names(book, q="GÉNÉRALE dan") == ["d"]


@pytest.mark.parametrize(("favorite", "found"), [("true", ["a"]), ("false", ["b", "c", "d", "e"])])
async def test_favourites(book: Person, favorite: str, found: list[str]) -> None:
    assert await names(book, favorite=favorite) == found


async def test_changes_since(book: Person, pg: asyncpg.Connection) -> None:
    await pg.execute(
        "UPDATE contacts SET updated_at = timestamptz '2026-01-01' + id * interval '1 hour'"
    )
    assert await names(book, updated_since="2026-01-01T04:00:00Z") == ["d", "e"]
    assert await names(book, updated_since="2026-01-01T05:00:00+01:00") == ["d", "e"]
    assert await names(book, updated_since="2026-01-01T04:00:00.000001Z") == ["e"]
    assert await names(book, updated_since="2026-01-01T02:00:00Z", tag="friends") == ["b"]
    for wrong in ("2026-01-01", "yesterday", "2026-01-01T04:00:00", ""):
        response = await book.get("/api/contacts/", params={"updated_since": wrong})
        assert await pointers(response) == {"/updated_since"}, wrong


async def test_who_has_no_name_stands_by_the_organization_or_else_by_what_is_shown(
    grace: Person,
) -> None:
    for fields in (
        {"notes": "5", "last_name": "Zuse"},
        {"notes": "3", "organization": "Engines", "nickname": "Aaron", "title": "A"},
        {"notes": "4", "nickname": "Gödel", "email": "a@example.com"},
        {"notes": "2", "email": "dora@example.com"},
        {"notes": "1", "first_name": "Zoë", "last_name": "Adams", "organization": "Zebra"},
        {"notes": "0", "phone": "112"},
    ):
        await grace.add_contact(**fields | ({} if "first_name" in fields else {"first_name": ""}))
    assert await names(grace) == ["0", "1", "2", "3", "4", "5"]
    assert await names(grace, sort="-last_name") == ["5", "4", "3", "2", "1", "0"]
    # Zuse has no first name, so there is nothing to stand by but the last one.
    assert await names(grace, sort="first_name") == ["5", "0", "2", "3", "4", "1"]
