"""The address book: listed, paged and searched."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import pytest
from yarl import URL

from contactsvc.platform.settings import Settings
from tests.conftest import MakeClient, MakePerson, Person, pointers
from tests.support.sending import fetch

PATH = "/api/contacts/"
SORTS = ["last_name", "first_name", "created_at", "updated_at"]
BOTH_WAYS = SORTS + [f"-{sort}" for sort in SORTS]

PEOPLE = [
    # First name, last name; in the order in which they are added.
    ("Zoë", "bell"),
    ("alan", "Ångström"),
    ("Alan", "Zuse"),
    ("Émile", ""),
    ("Eva", "Bell"),
    ("zoe", "Angel"),
    ("Eve", "Émery"),
    ("Eve", "Émery"),
]
IN_ORDER = {
    # Indexes into PEOPLE. Case and accents do not count; who is alike stands by id.
    "last_name": [3, 5, 1, 4, 0, 6, 7, 2],
    "first_name": [1, 2, 3, 4, 6, 7, 5, 0],
    "created_at": [0, 1, 2, 3, 4, 5, 6, 7],
    "updated_at": [0, 1, 2, 4, 5, 6, 7, 3],
}


@pytest.fixture
async def book(grace: Person) -> Person:
    """Somebody with the address book PEOPLE, in which the fourth was changed last."""
    for first_name, last_name in PEOPLE:
        await grace.add_contact(first_name=first_name, last_name=last_name)
    await grace.patch(f"{PATH}4", json={"notes": "changed"})
    return grace


async def page(person: Person, **params: Any) -> dict[str, Any]:
    response = await person.get(PATH, params=params)
    assert response.status == 200, await response.text()
    body: dict[str, Any] = await response.json()
    return body


async def walk(person: Person, cursor: str | None = None, **params: Any) -> list[dict[str, Any]]:
    """Return everything that the pages hold, following the cursors."""
    part = await page(person, **params, **({} if cursor is None else {"cursor": cursor}))
    items: list[dict[str, Any]] = part["items"]
    while part["next_cursor"] is not None:
        part = await page(person, **params, cursor=part["next_cursor"])
        assert part["items"], "an empty page was announced"
        items += part["items"]
    return items


def ids(items: list[dict[str, Any]]) -> list[int]:
    return [item["id"] for item in items]


@pytest.mark.slow
async def test_every_order_both_ways(book: Person, subtests: pytest.Subtests) -> None:
    for sort in BOTH_WAYS:
        with subtests.test(sort=sort):
            expected = [index + 1 for index in IN_ORDER[sort.removeprefix("-")]]
            if sort.startswith("-"):
                expected.reverse()

            whole = await page(book, sort=sort)

            assert ids(whole["items"]) == expected
            assert whole["next_cursor"] is None
            for limit in (1, 3, 4, 7):
                assert await walk(book, sort=sort, limit=limit) == whole["items"], limit


async def test_the_order_is_by_last_name_unless_asked_otherwise(book: Person) -> None:
    assert await page(book) == await page(book, sort="last_name")


FAMILIES = [
    # In the order of their last names by the Unicode Collation Algorithm.
    *("", "Áfonso", "Bell", "Eaton", "Éaton", "Egan", "Fisher", "Ødegård", "Ruiz"),
    *("Ґалаґан", "Галич", "Гончар", "Дорош", "Євтух", "Зуб", "Їжак", "Ільків", "Йосипенко"),
    *("Коваль", "Яценко", "佐藤"),
]


@pytest.mark.parametrize("field", ["last_name", "first_name"])
async def test_the_order_is_that_of_the_unicode_collation_algorithm(
    grace: Person, field: str, subtests: pytest.Subtests
) -> None:
    """The letters of Ukrainian alone stand beside their neighbours, and accents beside none."""
    names = [name for name in FAMILIES if name or field == "last_name"]
    for name in random.Random(7).sample(names, len(names)):
        await grace.add_contact(**{field: name})

    for sort, expected in [(field, names), (f"-{field}", names[::-1])]:
        for limit in (200, 1, 7):
            with subtests.test(sort=sort, limit=limit):
                assert [item[field] for item in await walk(grace, sort=sort, limit=limit)] == (
                    expected
                )


async def test_items_are_whole_contacts(book: Person) -> None:
    for item in (await page(book))["items"]:
        assert item == await (await book.get(f"{PATH}{item['id']}")).json()


async def test_an_empty_address_book(grace: Person) -> None:
    assert await page(grace) == {"items": [], "next_cursor": None}


async def test_how_many_there_are_on_a_page(grace: Person) -> None:
    await asyncio.gather(*(grace.add_contact() for _ in range(51)))

    assert len((await page(grace))["items"]) == 50
    assert len((await page(grace, limit=1))["items"]) == 1
    assert len((await page(grace, limit=200))["items"]) == 51
    last = await page(grace, limit=51)
    assert (len(last["items"]), last["next_cursor"]) == (51, None)


async def test_limits_that_do_not_fit(grace: Person, subtests: pytest.Subtests) -> None:
    for limit in ["0", "201", "-1", "1.5", "", "many"]:
        with subtests.test(limit=limit):
            assert await pointers(await grace.get(PATH, params={"limit": limit})) == {"/limit"}


async def test_orders_that_there_are_not(grace: Person, subtests: pytest.Subtests) -> None:
    for sort in ["", "id", "--last_name", "+last_name", "LAST_NAME", "notes"]:
        with subtests.test(sort=sort):
            assert await pointers(await grace.get(PATH, params={"sort": sort})) == {"/sort"}


STABLE = [sort for sort in BOTH_WAYS if "updated_at" not in sort]


@pytest.mark.slow
@pytest.mark.parametrize("sort", STABLE)
async def test_nothing_is_doubled_or_skipped_while_others_write(grace: Person, sort: str) -> None:
    names = "BDFHJLNPRTVX"
    kept = {(await grace.add_contact(first_name=n, last_name=n))["id"] for n in names}
    seen: list[int] = []
    part = await page(grace, sort=sort, limit=3)
    for new in "AEZ":
        seen += ids(part["items"])
        # While the cursor is out: one comes, the one it stands on goes, and all others change.
        await grace.add_contact(first_name=new, last_name=new)
        await grace.delete(f"{PATH}{seen[-1]}")
        for changed in kept - set(seen[2::3]):
            await grace.patch(f"{PATH}{changed}", json={"notes": new})
        part = await page(grace, sort=sort, limit=3, cursor=part["next_cursor"])
    seen += ids(part["items"])
    if part["next_cursor"] is not None:
        seen += ids(await walk(grace, sort=sort, cursor=part["next_cursor"]))

    assert len(seen) == len(set(seen))
    assert kept <= set(seen)


@pytest.mark.parametrize("sort", ["updated_at", "-updated_at"])
async def test_a_change_moves_only_the_changed_by_change_time(grace: Person, sort: str) -> None:
    kept = {(await grace.add_contact())["id"] for _ in range(6)}
    part = await page(grace, sort=sort, limit=2)
    seen = ids(part["items"])
    moved = seen[-1]  # the one that the cursor stands on
    await grace.patch(f"{PATH}{moved}", json={"notes": "changed"})

    rest = ids(await walk(grace, sort=sort, limit=2, cursor=part["next_cursor"]))

    assert sorted(seen + rest) == sorted([*kept, *([moved] if sort == "updated_at" else [])])


async def test_the_total_is_counted_when_asked_for(book: Person) -> None:
    assert "total" not in await page(book)
    assert "total" not in await page(book, include_total="false")
    assert (await page(book, include_total="true"))["total"] == 8
    part = await page(book, include_total="true", limit=1, first_name="ev")
    assert part["total"] == 3
    rest = await page(
        book, include_total="true", limit=1, first_name="ev", cursor=part["next_cursor"]
    )
    assert rest["total"] == 3


async def links(person: Person, url: URL) -> tuple[list[dict[str, Any]], Mapping[str, URL]]:
    """Return the items of a page, and its links by what they are."""
    response = await fetch(person, "GET", url)
    assert response.status == 200, await response.text()
    found = {str(name): URL(str(link["url"])) for name, link in response.links.items()}
    return (await response.json())["items"], found


@pytest.mark.parametrize("query", ["", "&first_name=e", "&sort=-created_at", "&q=%C3%A9&email="])
async def test_the_pages_are_linked(book: Person, query: str) -> None:
    items: list[dict[str, Any]] = []
    url: URL | None = URL(f"{PATH}?limit=2{query}", encoded=True)
    whole, _ = await links(book, URL(f"{PATH}?limit=200{query}", encoded=True))
    while url is not None:
        part, found = await links(book, url)
        items += part
        url = found.get("next")
        if url is not None:
            assert str(url).startswith("https://contacts.example.com/api/contacts/?")
            url = url.relative()

    assert items == whole


async def test_a_link_keeps_characters_that_mean_something_in_urls(grace: Person) -> None:
    for _ in range(3):
        await grace.add_contact(first_name='a&b=c%41+d <>;"#')

    part, found = await links(grace, URL(PATH).with_query(first_name='&b=c%41+d <>;"#', limit=2))
    rest, last = await links(grace, found["next"].relative())

    assert (len(part), len(rest)) == (2, 1)
    assert "next" not in last


async def test_a_cursor_survives_a_new_secret_key(
    book: Person, make_client: MakeClient, settings: Settings
) -> None:
    part = await page(book, limit=3)
    client = await make_client(
        secret_key="a-new-0ne-for-tests_9876543210fedcba",
        secret_key_fallbacks=(settings.secret_key,),
    )
    book.client = client  # the access token outlives the key as well

    rest = await walk(book, limit=3, cursor=part["next_cursor"])

    assert part["items"] + rest == (await page(book))["items"]


async def test_a_cursor_allows_another_limit(book: Person) -> None:
    part = await page(book, limit=3)
    rest = await page(book, limit=100, cursor=part["next_cursor"], include_total="true")

    assert part["items"] + rest["items"] == (await page(book))["items"]


async def is_refused(person: Person, cursor: str, **params: str) -> None:
    response = await person.get(PATH, params={"cursor": cursor, **params})
    assert await pointers(response) == {"/cursor"}, cursor


async def test_cursors_that_were_not_made_here(book: Person) -> None:
    genuine = (await page(book, limit=3))["next_cursor"]
    flipped = ("A" if genuine[0] != "A" else "B") + genuine[1:]
    longer = genuine[:-4] + "AAAA" + genuine[-4:]
    for cursor in (flipped, longer, genuine[:-4], genuine[:20], genuine * 2, "é", "x", "", "WzFd"):
        await is_refused(book, cursor)


async def test_a_cursor_is_good_for_its_own_listing_only(
    book: Person, subtests: pytest.Subtests
) -> None:
    for params in [
        {"sort": "first_name"},
        {"sort": "-last_name"},
        {"q": "e"},
        {"first_name": "e"},
        {"last_name": "e"},
        {"email": "e"},
    ]:
        with subtests.test(params=params):
            await is_refused(book, (await page(book, limit=3))["next_cursor"], **params)


async def test_a_cursor_is_good_for_its_own_owner_only(
    book: Person, make_person: MakePerson
) -> None:
    bob = await make_person("bob@example.com")

    await is_refused(bob, (await page(book, limit=3))["next_cursor"])
