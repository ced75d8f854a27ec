"""Contacts come out as they are, in every form that programs read."""

import csv
from io import StringIO
from typing import Any

import orjson
import pytest

from tests.conftest import MakePerson, Person, pointers, problem
from tests.support.photo_uploads import put_photo
from tests.support.pictures import flag

EXPORT = "/api/contacts/export"
FULL: dict[str, Any] = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "nickname": "Countess",
    "uid": "u1",
    "organization": "Society; of, commas",
    "birthday": "--12-10",
    "favorite": True,
    "notes": "first line\nsecond; line, with \\ signs",
    "emails": [{"value": "ada@example.com", "type": "work", "label": "desk"}],
    "phones": [{"value": "020 7946 0958", "type": "mobile", "label": ""}],
    "addresses": [{"street": "1 Dorset Street\nFlat 2", "city": "London", "type": "home"}],
    "urls": [{"value": "https://example.com/ada", "type": None, "label": "blog"}],
    "dates": [{"value": "1835-07-08", "label": "Anniversary"}],
    "relations": [{"value": "Anne Byron", "label": "mother"}],
    "custom": [{"label": "Badge", "value": "=1+1"}],
    "tags": ["friends", "two words"],
}
CHANGING = ("id", "created_at", "updated_at", "photo_url", "version")


async def contacts(person: Person) -> list[dict[str, Any]]:
    page = await (await person.get("/api/contacts/", params={"limit": "200"})).json()
    return [{n: v for n, v in item.items() if n not in CHANGING} for item in page["items"]]


@pytest.mark.parametrize(
    ("query", "accept", "media_type", "begin"),
    [
        ({}, "*/*", "text/vcard", b"BEGIN:VCARD\r\nVERSION:4.0\r\n"),
        ({"version": "3.0"}, "*/*", "text/vcard", b"BEGIN:VCARD\r\nVERSION:3.0\r\n"),
        ({}, "text/vcard;version=3.0", "text/vcard", b"BEGIN:VCARD\r\nVERSION:3.0\r\n"),
        ({"format": "vcard"}, "text/html", "text/vcard", b"BEGIN:VCARD\r\nVERSION:4.0\r\n"),
        ({}, "text/csv", "text/csv", b"\xef\xbb\xbf"),
        ({"format": "csv"}, "text/vcard", "text/csv", b"\xef\xbb\xbf"),
        ({"format": "json"}, "*/*", "application/x-ndjson", b'{"id":'),
    ],
)
async def test_what_is_asked_for_is_sent(
    grace: Person, query: dict[str, str], accept: str, media_type: str, begin: bytes
) -> None:
    await grace.add_contact(**FULL)
    for method in ("GET", "HEAD"):
        response = await grace.request(method, EXPORT, params=query, headers={"Accept": accept})
        assert (response.status, response.content_type) == (200, media_type)
        assert response.charset == "utf-8"
        assert response.headers["Content-Disposition"].startswith('attachment; filename="contacts.')
        assert (await response.read()).startswith(begin if method == "GET" else b"")
    assert response.headers["Vary"] == "Accept"


@pytest.mark.slow
@pytest.mark.parametrize(("form", "version"), [("vcard", "4.0"), ("vcard", "3.0"), ("csv", "")])
async def test_an_import_of_it_gives_the_same_contacts(
    grace: Person, make_person: MakePerson, form: str, version: str
) -> None:
    made = await grace.add_contact(**FULL)
    await put_photo(grace, made, flag())
    for number in range(150):
        await grace.add_contact(first_name=f"Bob {number}", email=f"b{number}@example.com")
    query = {"format": form} | ({"version": version} if version else {})
    exported = await (await grace.get(EXPORT, params=query)).read()

    other = await make_person("other@example.com")
    headers = {"Content-Type": f"text/{form}"}
    report = await (await other.post("/api/contacts/import", data=exported, headers=headers)).json()

    assert (report["created"], report["failed"], report["warnings"]) == (151, 0, [])
    assert await contacts(other) == await contacts(grace)
    for how in ("skip", "update"):
        again = {"on_duplicate": how}
        response = await grace.post(
            "/api/contacts/import", data=exported, headers=headers, params=again
        )
        told = await response.json()
        assert (told["created"], told["updated"], told["skipped"]) == (0, 0, 151)


async def test_json_has_a_contact_a_line(grace: Person) -> None:
    for name in ("Ada", "Bob"):
        await grace.add_contact(first_name=name)
    exported = await (await grace.get(EXPORT, params={"format": "json"})).text()
    page = await (await grace.get("/api/contacts/")).json()
    assert [orjson.loads(line) for line in exported.splitlines()] == page["items"]


async def test_filters_are_those_of_the_list(grace: Person) -> None:
    await grace.add_contact(first_name="Ada", tags=["a"])
    await grace.add_contact(first_name="Bob", tags=["b"])
    query = {"format": "json", "tag": "B", "q": "bob"}
    exported = await (await grace.get(EXPORT, params=query)).text()
    assert [orjson.loads(line)["first_name"] for line in exported.splitlines()] == ["Bob"]
    for query in ({"limit": "1"}, {"cursor": "x"}, {"format": "xml"}, {"version": "2.1"}):
        assert await pointers(await grace.get(EXPORT, params=query)) == {f"/{next(iter(query))}"}


async def test_an_empty_book_is_an_empty_file(grace: Person) -> None:
    assert await (await grace.get(EXPORT)).read() == b""
    assert len((await (await grace.get(EXPORT, params={"format": "csv"})).text()).splitlines()) == 1


async def test_what_nobody_can_make_is_not_acceptable(grace: Person) -> None:
    for path in (EXPORT, f"/api/contacts/{(await grace.add_contact())['id']}"):
        for accept in ("text/html", "text/vcard;version=2.1"):
            await problem(await grace.get(path, headers={"Accept": accept}), 406, "not_acceptable")


async def test_a_spreadsheet_runs_nothing(grace: Person) -> None:
    await grace.add_contact(
        first_name="=HYPERLINK(1)", last_name="@x", notes="-2+3", phone="+44123"
    )
    exported = await (await grace.get(EXPORT, params={"format": "csv"})).text()
    (row,) = csv.DictReader(StringIO(exported.removeprefix("\ufeff")))
    assert not [cell for cell in row.values() if cell[:1] in ("=", "@", "-")]


async def test_the_caller_gets_only_their_own(grace: Person, make_person: MakePerson) -> None:
    other = await make_person("other@example.com")
    made = await other.add_contact(first_name="Secret")
    for form in ("vcard", "csv", "json"):
        exported = await (await grace.get(EXPORT, params={"format": form})).text()
        assert "Secret" not in exported
    path, headers = f"/api/contacts/{made['id']}", {"Accept": "text/vcard"}
    await problem(await grace.get(path, headers=headers), 404, "not_found")


@pytest.mark.parametrize("version", ["3.0", "4.0"])
async def test_one_contact_as_a_card(grace: Person, version: str) -> None:
    made = await grace.add_contact(**FULL)
    await put_photo(grace, made, flag())
    path, headers = f"/api/contacts/{made['id']}", {"Accept": f"text/vcard;version={version}"}
    response = await grace.get(path, headers=headers)
    text = (await response.text()).replace("\r\n ", "")
    assert response.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert text.startswith(f"BEGIN:VCARD\r\nVERSION:{version}\r\n")
    assert "\r\nPHOTO" in text
    json = await grace.get(path)
    assert json.headers["Vary"] == response.headers["Vary"] == "Accept"
    etags = {answer.headers["ETag"] for answer in (response, json)}
    assert len(etags) == 2
    known = headers | {"If-None-Match": response.headers["ETag"]}
    assert (await grace.get(path, headers=known)).status == 304
    assert (
        await grace.get(path, headers={"If-None-Match": response.headers["ETag"]})
    ).status == 200
