"""A file goes in through the front door, whatever it is and however it is sent."""

import gzip
from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData

from contactsvc.contacts.transfer import service, spool, views
from contactsvc.web.uploads import MULTIPART_OVERHEAD
from tests.conftest import MakeClient, MakePerson, Person, pointers, problem
from tests.support.pictures import flag

IMPORT = "/api/contacts/import"
CSV = b"First name,Last name,E-mail,Badge\r\nAda,Lovelace,ada@example.com,7\r\nBob,,,\r\n"
CARDS = (
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\n"
    b"TEL;TYPE=CELL:020 7946 0958\r\nCATEGORIES:friends\r\nX-PET:Rex\r\n"
    b"PHOTO;ENCODING=b;TYPE=PNG:" + b64encode(flag()) + b"\r\nEND:VCARD\r\n"
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nEND:VCARD\r\n"
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:;Bob;;;\r\nFN:Bob\r\nEND:VCARD\r\n"
)
HEADERS = {"Content-Type": "text/csv"}


async def bring(
    person: Person, content: bytes, media_type: str = "text/csv", **query: Any
) -> ClientResponse:
    headers = {"Content-Type": media_type}
    return await person.post(IMPORT, data=BytesIO(content), headers=headers, params=query)


async def report(response: ClientResponse) -> dict[str, Any]:
    body: dict[str, Any] = await response.json()
    assert response.status == 200, body
    return body


async def names(person: Person) -> list[str]:
    page = await (await person.get("/api/contacts/")).json()
    return [item["display_name"] for item in page["items"]]


async def test_a_csv_file_is_imported(grace: Person) -> None:
    body = await report(await bring(grace, CSV))
    assert body.pop("operation_id") > 0
    assert body == {
        "total": 2,
        "created": 2,
        "updated": 0,
        "skipped": 0,
        "failed": 0,
        "errors": [],
        "error_count": 0,
        "warnings": [],
        "warning_count": 0,
    }
    page = await (await grace.get("/api/contacts/", params={"q": "ada@example"})).json()
    assert page["items"][0]["custom"] == [{"label": "Badge", "value": "7"}]
    assert (await report(await bring(grace, CSV)))["skipped"] == 2


async def test_a_vcard_file_is_imported(grace: Person) -> None:
    body = await report(await bring(grace, CARDS, "text/vcard", region="GB"))
    assert (body["total"], body["created"], body["failed"]) == (3, 2, 1)
    assert body["errors"][0]["line"] > 1
    page = await (await grace.get("/api/contacts/", params={"q": "lovelace"})).json()
    (ada,) = page["items"]
    assert (ada["uid"], ada["phone"], ada["tags"]) == ("u1", "+442079460958", ["friends"])
    assert (
        await grace.get(ada["photo_url"].removeprefix("https://contacts.example.com"))
    ).status == 200
    assert (await report(await bring(grace, CARDS, "text/vcard")))["created"] == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
async def test_encodings_are_found_out(grace: Person, encoding: str) -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë Жук\r\nN:Жук;Zoë;;;\r\nEND:VCARD\r\n"
    await report(await bring(grace, card.encode(encoding), "text/vcard"))
    await report(await bring(grace, "Name\r\nЄва Ґалаґан\r\n".encode(encoding)))
    assert await names(grace) == ["Єва Ґалаґан", "Zoë Жук"]


async def test_a_form_may_have_the_file(grace: Person) -> None:
    form = FormData()
    form.add_field("file", CSV, filename="contacts.csv", content_type="application/octet-stream")
    assert (await report(await grace.post(IMPORT, data=form)))["created"] == 2
    empty = FormData()
    empty.add_field("file", b"", filename="contacts.csv")
    assert await pointers(await grace.post(IMPORT, data=empty)) == {"/file"}


async def test_it_may_be_compressed(grace: Person) -> None:
    headers = {"Content-Type": "text/csv", "Content-Encoding": "gzip"}
    response = await grace.post(IMPORT, data=gzip.compress(CSV), headers=headers)
    assert (await report(response))["created"] == 2


async def test_a_dry_run_tells_what_the_columns_are_and_changes_nothing(grace: Person) -> None:
    body = await report(await bring(grace, CSV, dry_run="true", map="Badge:ignore"))
    assert (body["created"], body["operation_id"]) == (2, None)
    assert body["mapping"] == [
        {"column": "First name", "field": "first_name"},
        {"column": "Last name", "field": "last_name"},
        {"column": "E-mail", "field": "emails"},
        {"column": "Badge", "field": "ignore"},
    ]
    assert await names(grace) == []


@pytest.mark.parametrize("mapped", ["Badge", "Badge:nothing", "Nowhere:notes"])
async def test_a_mapping_must_name_what_there_is(grace: Person, mapped: str) -> None:
    assert await pointers(await bring(grace, CSV, map=mapped)) == {"/map"}


async def test_the_query_says_how(grace: Person) -> None:
    await grace.add_contact(first_name="Ada", last_name="Lovelace", email="ada@example.com")
    body = await report(await bring(grace, CSV, on_duplicate="update", tag="old", region="GB"))
    assert (body["created"], body["updated"]) == (1, 1)
    page = await (await grace.get("/api/contacts/", params={"tag": "OLD"})).json()
    assert len(page["items"]) == 2
    for query in ({"on_duplicate": "x"}, {"region": "XX"}, {"tag": "x" * 51}, {"other": "1"}):
        assert await pointers(await bring(grace, CSV, **query)) == {f"/{next(iter(query))}"}


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04" + bytes(range(256)) * 100,
        b"\x89PNG\r\n\x1a\n" + bytes(1000),
        bytes(range(256)) * 1000,
        b"\0" * 10_000,
        b"\n" * 1_000_000,
        b"There is nothing in here.\n" * 1000,
        b'{"contacts": []}',
        b"\xff\xfe",
        b"a," * 10_000,
    ],
)
async def test_what_is_neither_vcard_nor_csv_is_malformed(grace: Person, content: bytes) -> None:
    for media_type in ("text/csv", "text/vcard"):
        await problem(await bring(grace, content, media_type), 400, "malformed_body")
    assert await names(grace) == []


async def test_what_is_not_announced_as_a_file_is_refused(grace: Person) -> None:
    for media_type in ("application/json", "text/html", "application/zip"):
        response = await bring(grace, CSV, media_type)
        await problem(response, 415, "unsupported_media_type")
    assert await pointers(await bring(grace, b"")) == {""}


async def test_a_file_that_is_too_large_is_refused(
    grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_large = str(views.MAX_BYTES + MULTIPART_OVERHEAD + 1)
    headers = HEADERS | {"Content-Length": too_large, "Connection": "close"}
    response = await grace.post(
        IMPORT, data=None, headers=headers, skip_auto_headers=["Content-Length"]
    )
    await problem(response, 413, "payload_too_large")
    monkeypatch.setattr(views, "MAX_BYTES", 1000)
    packed = HEADERS | {"Content-Encoding": "gzip"}
    response = await grace.post(IMPORT, data=gzip.compress(CSV + bytes(1000)), headers=packed)
    await problem(response, 413, "payload_too_large")


async def test_too_many_contacts_are_nothing(
    grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_IMPORTED", 1)
    await problem(await bring(grace, CSV), 413, "payload_too_large")
    assert await names(grace) == []


@pytest.mark.parametrize(("content", "media_type"), [(CSV, "text/csv"), (CARDS, "text/vcard")])
async def test_more_than_there_is_room_for_is_nothing(
    grace: Person, monkeypatch: pytest.MonkeyPatch, content: bytes, media_type: str
) -> None:
    monkeypatch.setattr(spool, "MAX_READY", 300)
    await problem(await bring(grace, content, media_type), 413, "payload_too_large")
    assert await names(grace) == []


@pytest.mark.own_app
async def test_more_than_the_quota_is_nothing(
    make_client: MakeClient, make_person: MakePerson
) -> None:
    grace = await make_person(client=await make_client(max_contacts=1))
    await problem(await bring(grace, CSV), 409, "quota_exceeded")
    assert await names(grace) == []
    assert (await report(await bring(grace, CSV[:67])))["created"] == 1
