"""Nobody sees, counts, changes or deletes what is somebody else's, nor learns that it is there."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from tests.conftest import MakePerson, Person, pointers, problem
from tests.support.neighbours import Two, neighbours
from tests.support.photo_uploads import put_photo
from tests.support.pictures import flag

PATH = "/api/contacts/"
MISSING = 999_999


@pytest.fixture
async def two(grace: Person, make_person: MakePerson) -> Two:
    return await neighbours(grace, make_person)


ATTEMPTS: list[tuple[str, dict[str, Any]]] = [
    # A method, and what is sent along.
    *(("GET", {"headers": headers}) for headers in ({}, {"If-None-Match": "*"})),
    ("GET", {"headers": {"If-None-Match": '"1"'}}),
    ("HEAD", {}),
    *(
        (method, {"json": {"first_name": "Mallory"}, "headers": headers})
        for method in ("PUT", "PATCH")
        for headers in ({}, {"If-Match": "*"}, {"If-Match": '"1"'}, {"If-Match": '"2"'})
    ),
    ("PUT", {"json": {}}),
    ("PATCH", {"json": {}}),
    ("PATCH", {"json": {"first_name": None}}),
    ("PATCH", {"data": b"no JSON", "headers": {"Content-Type": "application/json"}}),
    ("PATCH", {"data": b"text", "headers": {"Content-Type": "text/plain"}}),
    *(("DELETE", {"headers": headers}) for headers in ({}, {"If-Match": "*"})),
    *(("DELETE", {"headers": {"If-Match": tag}}) for tag in ('"1"', '"2"')),
    ("POST", {"json": {}}),
]


async def answer(person: Person, method: str, contact_id: int, kwargs: Any) -> tuple[object, ...]:
    """Return all of an answer but for the clock; the request's name is given, so it is equal."""
    headers = kwargs.get("headers", {}) | {"X-Request-ID": "one-and-the-same"}
    response = await person.request(
        method, f"{PATH}{contact_id}", **(kwargs | {"headers": headers})
    )
    kept = [(name, value) for name, value in response.headers.items() if name != "Date"]
    return response.status, kept, await response.read()


async def test_somebody_elses_contact_looks_like_none(two: Two) -> None:
    for method, kwargs in ATTEMPTS:
        theirs = await answer(two.grace, method, two.other["id"], kwargs)
        missing = await answer(two.grace, method, MISSING, kwargs)

        assert theirs == missing, (method, kwargs)
        assert theirs[0] in (400, 404, 405, 415, 422), (method, kwargs)
    still = await two.bob.get(f"{PATH}{two.other['id']}")
    assert still.status == 200
    assert await still.json() == two.other


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_somebody_elses_contact_is_not_found(two: Two, method: str) -> None:
    body = {} if method in ("GET", "DELETE") else {"json": {"first_name": "Mallory"}}

    response = await two.grace.request(method, f"{PATH}{two.other['id']}", **body)

    await problem(response, 404, "not_found")


LISTINGS: list[dict[str, str]] = [
    {},
    {"q": "ada"},
    {"q": "lovelace example.com 7946"},
    {"first_name": "ada"},
    {"last_name": "lovelace"},
    {"email": "ada@example.com"},
    {"organization": "engines"},
    {"tag": "friends"},
    {"favorite": "false"},
    {"updated_since": "2026-01-01T00:00:00Z"},
    {"limit": "200"},
    *(
        {"sort": sign + sort}
        for sort in ("last_name", "first_name", "created_at", "updated_at")
        for sign in ("", "-")
    ),
]


async def test_listings_hold_and_count_only_ones_own(two: Two) -> None:
    for params in LISTINGS:
        for person, contact in ((two.grace, two.own), (two.bob, two.other)):
            response = await person.get(PATH, params=params | {"include_total": "true"})
            expected = {"items": [contact], "next_cursor": None, "total": 1}
            assert await response.json() == expected, params


async def test_birthdays_are_only_ones_own(two: Two) -> None:
    for person, contact in ((two.grace, two.own), (two.bob, two.other)):
        body = await (await person.get(f"{PATH}birthdays", params={"days": "366"})).json()
        assert [item["id"] for item in body["items"]] == [contact["id"]]


async def test_somebody_elses_versions_look_like_none(two: Two) -> None:
    assert (await two.bob.patch(f"{PATH}{two.other['id']}", json={"notes": "x"})).status == 200
    for contact_id in (two.other["id"], MISSING):
        for method, rest in (("GET", "versions"), ("POST", "versions/1/restore")):
            response = await two.grace.request(method, f"{PATH}{contact_id}/{rest}")
            await problem(response, 404, "not_found")
    still = await (await two.bob.get(f"{PATH}{two.other['id']}/versions")).json()
    assert [item["contact"] for item in still["items"]] == [two.other]


async def test_a_batch_reaches_ones_own_contacts_alone(two: Two) -> None:
    for contact_id in (two.other["id"], MISSING):
        operations = [
            {"method": method, "id": contact_id, "contact": {"first_name": "Mallory"}}
            for method in ("update", "replace")
        ]
        body = {"operations": [*operations, {"method": "delete", "id": contact_id}]}
        answer = await two.grace.post(f"{PATH}batch", json=body | {"atomic": False})
        results = (await answer.json())["results"]
        assert [result["problem"]["code"] for result in results] == ["not_found"] * 3
    assert await (await two.bob.get(f"{PATH}{two.other['id']}")).json() == two.other


async def test_somebody_elses_photo_looks_like_none(two: Two) -> None:
    await put_photo(two.bob, two.other, flag())
    for contact_id in (two.other["id"], MISSING):
        path = f"{PATH}{contact_id}/photo"
        photo = {"data": flag("JPEG"), "headers": {"Content-Type": "image/jpeg"}}
        for method, body in (("GET", {}), ("PUT", photo), ("DELETE", {})):
            await problem(await two.grace.request(method, path, **body), 404, "not_found")
    assert (await two.bob.get(f"{PATH}{two.other['id']}/photo")).status == 200


async def test_tags_are_counted_renamed_and_removed_on_ones_own_alone(two: Two) -> None:
    counted = {"items": [{"name": "friends", "contacts": 1}]}
    assert await (await two.grace.get("/api/tags/")).json() == counted
    renamed = await two.grace.patch("/api/tags/friends", json={"name": "pals"})
    assert await renamed.json() == {"name": "pals", "contacts": 1}
    assert (await two.grace.delete("/api/tags/pals")).status == 204
    await problem(await two.grace.delete("/api/tags/friends"), 404, "not_found")
    assert await (await two.bob.get("/api/tags/")).json() == counted
    assert await (await two.bob.get(f"{PATH}{two.other['id']}")).json() == two.other


async def test_an_export_has_nothing_of_others(two: Two) -> None:
    await two.bob.patch(f"{PATH}{two.other['id']}", json={"notes": "of Bob alone"})
    await two.bob.patch(f"{PATH}{two.other['id']}", json={"notes": ""})
    gone = await two.bob.add_contact(first_name="of Bob alone")
    await put_photo(two.bob, gone, flag())
    await two.bob.delete(f"{PATH}{gone['id']}")
    archive = ZipFile(BytesIO(await (await two.grace.get("/api/users/me/export")).read()))
    files = {name: archive.read(name) for name in archive.namelist()}
    assert two.own["uid"].encode() in files["contacts.json"]
    for secret in ("of Bob alone", two.other["uid"], gone["uid"], two.bob.email):
        assert [name for name, content in files.items() if secret.encode() in content] == []
    assert [name for name in files if name.startswith("photos/")] == []


async def test_a_file_of_contacts_has_nothing_of_others(two: Two) -> None:
    for form in ("vcard", "csv", "json"):
        exported = await (await two.grace.get(f"{PATH}export", params={"format": form})).text()
        assert two.own["uid"] in exported
        assert two.other["uid"] not in exported
    card = {"Accept": "text/vcard"}
    for contact_id in (two.other["id"], MISSING):
        response = await two.grace.get(f"{PATH}{contact_id}", headers=card)
        await problem(response, 404, "not_found")


async def test_an_import_changes_nothing_of_others(two: Two) -> None:
    file = await (await two.bob.get(f"{PATH}export")).read()
    file = file.replace(b"END:VCARD", b"NOTE:of Grace alone\r\nEND:VCARD")
    query = {"on_duplicate": "update"}
    headers = {"Content-Type": "text/vcard"}
    response = await two.grace.post(f"{PATH}import", data=file, headers=headers, params=query)
    assert (await response.json())["updated"] == 1, "of the same name and e-mail in her own book"
    assert await (await two.bob.get(f"{PATH}{two.other['id']}")).json() == two.other


async def test_somebody_elses_contact_takes_none_and_goes_into_none(two: Two) -> None:
    own, told = two.own["id"], []
    for contact_id in (two.other["id"], MISSING):
        for body in ({"into": own, "from": [contact_id]}, {"into": contact_id, "from": [own]}):
            answer = await problem(
                await two.grace.post(f"{PATH}merge", json=body), 404, "not_found"
            )
            told.append(answer["detail"].replace(f" {contact_id},", " that,"))
    assert told[:2] == told[2:]
    for person, contact in ((two.grace, two.own), (two.bob, two.other)):
        assert await (await person.get(f"{PATH}{contact['id']}")).json() == contact


async def test_somebody_elses_operations_look_like_none(two: Two) -> None:
    headers = {"Content-Type": "text/csv"}
    done = await two.bob.post(f"{PATH}import", data=b"Name\r\nEve\r\n", headers=headers)
    undo = f"{PATH}operations/{(await done.json())['operation_id']}/undo"
    assert (await (await two.grace.get(f"{PATH}operations")).json())["items"] == []
    await problem(await two.grace.post(undo), 404, "not_found")
    assert (await (await two.bob.post(undo)).json())["restored"] == 1


async def test_somebody_elses_trash_looks_like_none(two: Two) -> None:
    await two.bob.delete(f"{PATH}{two.other['id']}")
    for contact_id in (two.other["id"], MISSING):
        for method, rest in (("DELETE", ""), ("POST", "/restore")):
            response = await two.grace.request(method, f"{PATH}trash/{contact_id}{rest}")
            await problem(response, 404, "not_found")
    assert (await (await two.grace.get(f"{PATH}trash")).json())["items"] == []
    assert (await two.grace.delete(f"{PATH}trash")).status == 204
    [item] = (await (await two.bob.get(f"{PATH}trash")).json())["items"]
    del item["deleted_at"]
    assert item == two.other


async def test_duplicates_are_only_ones_own(two: Two) -> None:
    for _ in range(2):
        again = await two.bob.add_contact(last_name="Lovelace")
    dismiss = {"ids": [two.own["id"], again["id"]]}
    response = await two.grace.post(f"{PATH}duplicates/dismiss", json=dismiss)
    assert await pointers(response) == {"/ids/1"}
    for person, count in ((two.grace, 0), (two.bob, 1)):
        body = await (await person.get(f"{PATH}duplicates")).json()
        assert len(body["items"]) == count
        assert not any(two.own["id"] in item["ids"] for item in body["items"])


async def test_changes_are_only_ones_own(two: Two) -> None:
    for person, contact in ((two.grace, two.own), (two.bob, two.other)):
        body = await (await person.get(f"{PATH}changes")).json()
        assert body["items"] == [{"id": contact["id"], "contact": contact}]
    begun = {"cursor": body["next_cursor"]}
    await two.grace.delete(f"{PATH}{two.own['id']}")
    assert (await (await two.bob.get(f"{PATH}changes", params=begun)).json())["items"] == []
    assert await pointers(await two.grace.get(f"{PATH}changes", params=begun)) == {"/cursor"}


async def test_pages_go_on_in_ones_own_listing_only(two: Two) -> None:
    for person in (two.grace, two.bob):
        await person.add_contact(first_name="Zoe", last_name="Zuse")
    params = {"limit": "1"}
    page = await (await two.bob.get(PATH, params=params)).json()
    params["cursor"] = page["next_cursor"]

    assert await pointers(await two.grace.get(PATH, params=params)) == {"/cursor"}
    assert (await two.bob.get(PATH, params=params)).status == 200


async def test_nobody_makes_a_contact_for_somebody_else(two: Two) -> None:
    for name in ("owner", "owner_id", "user_id"):
        body = {"first_name": "Eve", name: 2}
        assert await pointers(await two.grace.post(PATH, json=body)) == {f"/{name}"}
        assert await pointers(await two.grace.get(PATH, params={name: "2"})) == {f"/{name}"}


async def test_one_address_book_ends_where_the_other_begins(two: Two) -> None:
    await two.grace.delete(f"{PATH}{two.own['id']}")

    mine = await (await two.grace.get(PATH, params={"include_total": "true"})).json()
    theirs = await (await two.bob.get(PATH, params={"include_total": "true"})).json()

    assert (mine["items"], mine["total"]) == ([], 0)
    assert (theirs["items"], theirs["total"]) == ([two.other], 1)
