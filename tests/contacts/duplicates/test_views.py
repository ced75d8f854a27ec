"""Contacts that may be the same person, and those that are told apart."""

from typing import Any

import pytest

from tests.conftest import MakePerson, Person, pointers, problem

PATH = "/api/contacts/duplicates"
DISMISS = f"{PATH}/dismiss"
ADA = {"first_name": "Ada", "last_name": "Lovelace"}


async def page(person: Person, **params: Any) -> dict[str, Any]:
    response = await person.get(PATH, params=params)
    assert response.status == 200, await response.text()
    body: dict[str, Any] = await response.json()
    return body


async def found(person: Person) -> list[tuple[list[int], list[str]]]:
    """Return the ids and the reasons of all items."""
    return [(item["ids"], item["reasons"]) for item in (await page(person))["items"]]


async def ids(person: Person, *contacts: dict[str, Any]) -> list[int]:
    """Add contacts, each with a name of its own where none is given, and return their ids."""
    return [
        (await person.add_contact(**{"first_name": f"Nr{chr(97 + n)}"} | contact))["id"]
        for n, contact in enumerate(contacts)
    ]


async def dismiss(person: Person, *contact_ids: int) -> None:
    response = await person.post(DISMISS, json={"ids": contact_ids})
    assert response.status == 204, await response.text()


async def test_a_duplicate_is_told_with_its_reasons_its_score_and_the_contacts(
    grace: Person,
) -> None:
    first = await grace.add_contact(**ADA, email="ada@example.com", phone="+442079460958")
    await grace.add_contact(first_name="Charles", email="charles@example.com")
    second = await grace.add_contact(
        first_name="LOVELACE", last_name="Áda", email="Ada@Example.com"
    )

    assert await page(grace) == {
        "items": [
            {
                "ids": [first["id"], second["id"]],
                "contacts": [first, second],
                "reasons": ["same_email", "same_name"],
                "score": 80,
            }
        ],
        "next_cursor": None,
    }


async def test_a_number_is_the_same_however_it_is_written(grace: Person) -> None:
    assert (await grace.patch("/api/users/me", json={"region": "GB"})).status == 200
    pair = await ids(grace, {"phone": "020 7946 0958"}, {"phone": "+44 (0)20 7946 0958"})
    assert await found(grace) == [(pair, ["same_phone"])]


async def test_every_entry_of_the_lists_counts(grace: Person) -> None:
    emails = [{"value": "one@example.com"}, {"value": "shared@example.com"}]
    pair = await ids(grace, {"emails": emails}, {"emails": emails[::-1]})
    assert await found(grace) == [(pair, ["same_email"])]


async def test_who_shares_with_one_what_they_do_not_with_another_is_in_two_items(
    grace: Person,
) -> None:
    one, two, three = await ids(
        grace,
        {"email": "a@example.com"},
        {"email": "a@example.com", "phone": "+442079460958"},
        {"phone": "+442079460958"},
    )
    assert await found(grace) == [([one, two], ["same_email"]), ([two, three], ["same_phone"])]


async def test_it_follows_every_change_at_once(grace: Person) -> None:
    one, two = await ids(grace, {"email": "a@example.com"}, {"email": "b@example.com"})
    path = f"/api/contacts/{two}"
    assert await found(grace) == []
    await grace.patch(path, json={"email": "a@example.com"})
    assert await found(grace) == [([one, two], ["same_email"])]
    await grace.put(path, json={"first_name": "Nra"})
    assert await found(grace) == [([one, two], ["same_name"])]
    await grace.delete(path)
    assert await found(grace) == []
    await grace.post(f"/api/contacts/trash/{two}/restore")
    assert await found(grace) == [([one, two], ["same_name"])]
    await grace.post(f"{path}/versions/2/restore")
    assert await found(grace) == [([one, two], ["same_email"])]


async def test_imported_contacts_are_among_them(grace: Person) -> None:
    text = "Name,E-mail 1 - Value\nAda,a@example.com\nBob,a@example.com\n"
    params, headers = {"on_duplicate": "create"}, {"Content-Type": "text/csv"}
    response = await grace.post("/api/contacts/import", data=text, params=params, headers=headers)
    assert (await response.json())["created"] == 2
    assert [reasons for _, reasons in await found(grace)] == [["same_email"]]


async def test_nobody_elses_contacts_count(grace: Person, make_person: MakePerson) -> None:
    bob = await make_person("bob@example.com")
    for person in (grace, bob):
        await person.add_contact(**ADA)
    assert await found(grace) == await found(bob) == []


async def test_what_many_share_scores_less(grace: Person) -> None:
    reception = {"phone": "+442079460000"}
    colleagues = await ids(grace, *[reception | {"first_name": f"P{n:02}"} for n in range(10)])
    await ids(grace, ADA, ADA)
    items = (await page(grace))["items"]
    assert [(item["reasons"], item["score"]) for item in items] == [
        (["same_name"], 30),
        (["same_phone"], 16),
    ]
    assert items[1]["ids"] == colleagues


async def test_of_more_than_fifty_the_first_are_told(grace: Person) -> None:
    many = await ids(grace, *[ADA] * 52)
    [item] = (await page(grace))["items"]
    assert item["ids"] == [contact["id"] for contact in item["contacts"]] == many[:50]
    await dismiss(grace, *many[:50])
    assert await found(grace) == []


async def test_pages_tell_each_once_and_the_likeliest_first(grace: Person) -> None:
    for n in range(4):
        await ids(grace, *[{"email": f"e{n}@example.com", "first_name": f"E{n}"}] * 2)
        await ids(grace, *[{"first_name": f"N{n}"}] * 3)
    whole = (await page(grace))["items"]
    assert [item["score"] for item in whole] == [80] * 4 + [30] * 4
    assert [item["ids"] for item in whole[:4]] == sorted(item["ids"] for item in whole[:4])
    for limit in (1, 3, 8):
        parts = [await page(grace, limit=limit)]
        while (cursor := parts[-1]["next_cursor"]) is not None:
            parts.append(await page(grace, limit=limit, cursor=cursor))
        assert [item for part in parts for item in part["items"]] == whole
        assert all(len(part["items"]) == limit for part in parts[:-1])


@pytest.mark.slow
async def test_a_page_ends_after_so_many_contacts(grace: Person) -> None:
    for n in range(5):
        await ids(grace, *[{"first_name": f"N{n}"}] * 50)
    first = await page(grace)
    assert len(first["items"]) == 4
    second = await page(grace, cursor=first["next_cursor"])
    assert (len(second["items"]), second["next_cursor"]) == (1, None)


async def test_a_cursor_is_good_for_this_listing_alone(grace: Person) -> None:
    for n in range(2):
        await ids(grace, *[{"first_name": f"N{n}"}] * 2)
    cursor = (await page(grace, limit=1))["next_cursor"]
    other = await grace.get("/api/contacts/", params={"cursor": cursor})
    assert await pointers(other) == {"/cursor"}
    for params in ({"cursor": "x"}, {"limit": 0}, {"limit": 201}, {"q": "x"}):
        assert await pointers(await grace.get(PATH, params=params)) == {f"/{next(iter(params))}"}


async def test_a_pair_that_is_told_apart_stays_so_whatever_is_changed(grace: Person) -> None:
    one, two = await ids(grace, ADA, ADA)
    await dismiss(grace, two, one)
    await dismiss(grace, one, two)
    assert await found(grace) == []
    for contact_id in (one, two):
        await grace.patch(f"/api/contacts/{contact_id}", json={"email": "a@example.com"})
    await grace.delete(f"/api/contacts/{one}")
    await grace.post(f"/api/contacts/trash/{one}/restore")
    assert await found(grace) == []


async def test_of_three_those_two_are_in_no_item_together(grace: Person) -> None:
    one, two, three = await ids(grace, ADA, ADA, ADA)
    await dismiss(grace, one, two)
    reasons = ["same_name"]
    assert await found(grace) == [([one, three], reasons), ([two, three], reasons)]
    first = await page(grace, limit=1)
    second = await page(grace, limit=1, cursor=first["next_cursor"])
    assert [part["items"][0]["ids"] for part in (first, second)] == [[one, three], [two, three]]
    assert second["next_cursor"] is None
    await dismiss(grace, one, two, three)
    assert await found(grace) == []


async def test_what_does_not_fit_is_named(grace: Person) -> None:
    for wrong, where in (([7], "/ids"), ([7, 8, 7], "/ids/2"), ([7, True], "/ids/1")):
        assert await pointers(await grace.post(DISMISS, json={"ids": wrong})) == {where}


async def test_contacts_that_are_not_there_are_named(
    grace: Person, make_person: MakePerson
) -> None:
    bob = await make_person("bob@example.com")
    one, gone = await ids(grace, ADA, ADA)
    [other] = await ids(bob, ADA)
    await grace.delete(f"/api/contacts/{gone}")
    response = await grace.post(DISMISS, json={"ids": [gone, one, other, 999_999]})
    assert await pointers(response) == {"/ids/0", "/ids/2", "/ids/3"}
    await grace.post(f"/api/contacts/trash/{gone}/restore")
    assert await found(grace) == [([one, gone], ["same_name"])]


async def test_there_is_an_end_to_how_many_are_told_apart(
    grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contactsvc.contacts.duplicates.repository.MAX_DISMISSED", 2)
    one, two, three = await ids(grace, ADA, ADA, ADA)
    await problem(await grace.post(DISMISS, json={"ids": [one, two, three]}), 409, "conflict")
    await dismiss(grace, one, two)
    await dismiss(grace, one, three)
    await problem(await grace.post(DISMISS, json={"ids": [two, three]}), 409, "conflict")
    await dismiss(grace, one, two)
    assert await found(grace) == [([two, three], ["same_name"])]
