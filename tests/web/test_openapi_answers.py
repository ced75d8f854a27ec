"""The service answers as the OpenAPI document says, and takes what it shows as examples."""

from typing import NamedTuple

import asyncpg
import pytest
from aiohttp import ClientResponse

from tests.conftest import Client, Person
from tests.support.openapi import Json, complaints, operations
from tests.support.pictures import flag


async def assert_as_documented(document: Json, name: str, response: ClientResponse) -> None:
    """Hold status, media type, headers and body of a real answer against the document."""
    text = await response.text()
    answers = operations(document)[name]["responses"]
    assert str(response.status) in answers, text
    answer = answers[str(response.status)]
    for header in answer.get("headers", {}).keys() - {"Idempotency-Replayed"}:
        assert header in response.headers, f"{header} is documented but was not sent"
    for header in SENT:
        if header in response.headers:
            assert header in answer.get("headers", ()), f"{header} was sent but is not documented"
    if response.status in (204, 304):
        assert "content" not in answer
        assert text == ""
        return
    content = answer["content"][response.content_type]
    value = await response.json(content_type=None) if "json" in response.content_type else text
    assert complaints(document, content["schema"], value) == []


SENT = ("ETag", "Idempotency-Replayed", "Link", "Location", "Retry-After", "WWW-Authenticate")

FULL = {
    "first_name": "Zoë",
    "last_name": "Łukasz",
    "email": "zoe@example.com",
    "phone": "+44 20 7946 0958",
    "birthday": "1990-02-28",
    "notes": "Met at the fair.",
}
INITIALS = "/api/avatars/initials/{letters}-{colour}.svg"
CONTACT = "/api/contacts/{contact_id}"
RESTORE = "/api/contacts/trash/{contact_id}/restore"
UNDO = "POST /api/contacts/operations/{id}/undo"
DISMISS = "/api/contacts/duplicates/dismiss"
AS_JSON = {"Content-Type": "application/json"}
AS_CSV = {"Content-Type": "text/csv"}
KEY = {"Idempotency-Key": "k"}
DRY = {"dry_run": "true"}
STALE = {"If-Match": '"9"'}
AS_PNG = {"Content-Type": "image/png"}


class Call(NamedTuple):
    """A request of a signed-in user who has three contacts, and the status it is answered with."""

    name: str
    status: int
    options: Json = {}  # noqa: RUF012 - never changed
    url: str | None = None


ADD = {"method": "create", "contact": FULL}
GONE = {"method": "delete", "id": 999_999}

CALLS = [
    Call("GET /api/users/me", 200),
    Call("PATCH /api/users/me", 200, {"json": {"name": "Amazing Grace"}}),
    Call("PATCH /api/users/me", 422, {"json": {"role": "admin"}}),
    Call("PATCH /api/users/me", 400, {"data": b"{", "headers": AS_JSON}),
    Call("PATCH /api/users/me", 415, {"data": b"name=Grace"}),
    Call("PATCH /api/users/me", 413, {"data": b" " * 300_000}),
    Call("GET /api/users/me/sessions", 200),
    Call("DELETE /api/users/me/sessions/{id}", 204),
    Call("DELETE /api/users/me/sessions/{id}", 404, {}, "/api/users/me/sessions/999999"),
    Call("DELETE /api/users/me/sessions/{id}", 422, {}, "/api/users/me/sessions/x"),
    Call(f"GET {INITIALS}", 200, {}, "/api/avatars/initials/GH-18.svg"),
    Call(f"GET {INITIALS}", 422, {}, "/api/avatars/initials/GH-24.svg"),
    Call("GET /api/contacts", 200),
    Call("GET /api/contacts", 200, {"params": {"limit": "1", "include_total": "true"}}),
    Call("GET /api/contacts", 200, {"params": {"q": "nobody at all"}}),
    Call("GET /api/contacts", 422, {"params": {"limit": "0"}}),
    Call("GET /api/contacts", 406, {"headers": {"Accept": "text/html"}}),
    Call("POST /api/contacts", 201, {"json": {"first_name": "Ada"}}),
    Call("POST /api/contacts", 201, {"json": FULL}),
    Call("POST /api/contacts", 201, {"json": FULL, "headers": KEY}),
    Call("POST /api/contacts", 201, {"json": FULL, "headers": KEY}),
    Call("POST /api/contacts", 422, {"json": {"first_name": "Ada"}, "headers": KEY}),
    Call("POST /api/contacts", 422, {"json": {"birthday": "tomorrow"}}),
    Call("POST /api/contacts/batch", 200, {"json": {"operations": [ADD, GONE], "atomic": False}}),
    Call("POST /api/contacts/batch", 409, {"json": {"operations": [ADD, GONE]}}),
    Call("POST /api/contacts/batch", 422, {"json": {"operations": [{"method": "delete"}]}}),
    Call("GET /api/contacts/duplicates", 200),
    Call("GET /api/contacts/duplicates", 422, {"params": {"cursor": "x"}}),
    Call(f"POST {DISMISS}", 204, {"json": {"ids": [1, 2]}}),
    Call(f"POST {DISMISS}", 422, {"json": {"ids": [1, 999_999]}}),
    Call("GET /api/contacts/birthdays", 200, {"params": {"days": "366"}}),
    Call("GET /api/contacts/birthdays", 422, {"params": {"tz": "Mars/Base"}}),
    Call(f"GET {CONTACT}", 200),
    Call(f"GET {CONTACT}", 304, {"headers": {"If-None-Match": '"1"'}}),
    Call(f"GET {CONTACT}", 404, {}, "/api/contacts/999999"),
    Call(f"GET {CONTACT}", 422, {}, "/api/contacts/x"),
    Call(f"PUT {CONTACT}", 200, {"json": FULL}),
    Call(f"PUT {CONTACT}", 412, {"json": FULL, "headers": {"If-Match": '"9"'}}),
    Call(f"PATCH {CONTACT}", 200, {"json": {"birthday": None}}),
    Call(f"PATCH {CONTACT}", 404, {"json": {}}, "/api/contacts/999999"),
    Call(f"PUT {CONTACT}/photo", 204, {"data": flag(), "headers": AS_PNG}),
    Call(f"PUT {CONTACT}/photo", 415, {"data": flag()}),
    Call(f"PUT {CONTACT}/photo", 422, {"data": b"no picture", "headers": AS_PNG}),
    Call(f"GET {CONTACT}/photo", 404),
    Call(f"DELETE {CONTACT}/photo", 404),
    Call(f"DELETE {CONTACT}", 204),
    Call(f"DELETE {CONTACT}", 412, {"headers": {"If-Match": '"9"'}}),
    Call("GET /api/contacts/trash", 200),
    Call("GET /api/contacts/trash", 422, {"params": {"cursor": "x"}}),
    Call(f"POST {RESTORE}", 200),
    Call(f"POST {RESTORE}", 404, {}, "/api/contacts/trash/999999/restore"),
    Call("DELETE /api/contacts/trash/{contact_id}", 204),
    Call("DELETE /api/contacts/trash/{contact_id}", 404, {}, "/api/contacts/trash/999999"),
    Call("DELETE /api/contacts/trash", 204),
    Call(f"GET {CONTACT}/versions", 200),
    Call(f"GET {CONTACT}/versions", 404, {}, "/api/contacts/999999/versions"),
    Call(f"POST {CONTACT}/versions/{{version}}/restore", 200),
    Call(f"POST {CONTACT}/versions/{{version}}/restore", 412, {"headers": {"If-Match": '"9"'}}),
    Call("POST /api/contacts/import", 200, {"data": b"Name\r\nAda\r\n", "headers": AS_CSV}),
    Call(
        "POST /api/contacts/import", 200, {"data": b"Name\r\nAda", "headers": AS_CSV, "params": DRY}
    ),
    Call("POST /api/contacts/import", 400, {"data": b"PK\3\4", "headers": AS_CSV}),
    Call("POST /api/contacts/import", 415, {"data": b"Name\r\nAda\r\n"}),
    Call("POST /api/contacts/import", 422, {"data": b"", "headers": AS_CSV}),
    Call("POST /api/contacts/merge", 200, {"json": {"into": 1, "from": [2], "dry_run": True}}),
    Call("POST /api/contacts/merge", 200, {"json": {"into": 1, "from": [2]}}),
    Call("POST /api/contacts/merge", 404, {"json": {"into": 1, "from": [2]}}),
    Call("POST /api/contacts/merge", 412, {"json": {"into": 1, "from": [3]}, "headers": STALE}),
    Call("POST /api/contacts/merge", 422, {"json": {"into": 1, "from": [1]}}),
    Call("GET /api/contacts/operations", 200),
    Call("GET /api/contacts/operations", 422, {"params": {"limit": "0"}}),
    Call(UNDO, 200),
    Call(UNDO, 409),
    Call(UNDO, 404, {}, "/api/contacts/operations/999999/undo"),
    Call("GET /api/contacts/export", 200),
    Call("GET /api/contacts/export", 200, {"params": {"format": "csv"}}),
    Call("GET /api/contacts/export", 406, {"headers": {"Accept": "text/html"}}),
    Call("GET /api/contacts/export", 422, {"params": {"format": "xml"}}),
    Call(f"GET {CONTACT}", 200, {"headers": {"Accept": "text/vcard"}}),
    Call("GET /api/contacts/changes", 200),
    Call("GET /api/contacts/changes", 422, {"params": {"limit": "1001"}}),
    Call("POST /api/auth/logout", 204),
    Call("GET /api/healthchecker", 200),
    Call("GET /livez", 200),
    Call("GET /metrics", 200),
    Call("GET /api/docs", 200),
    Call("GET /api/docs/openapi.json", 200),
]


@pytest.mark.slow
async def test_answers_are_as_documented(
    document: Json, grace: Person, subtests: pytest.Subtests
) -> None:
    await grace.add_contact(first_name="Leap", birthday="2000-02-29")
    await grace.add_contact(first_name="Yearless", birthday="--12-10")
    for call in CALLS:
        with subtests.test(f"{call.name} {call.status}"):
            await grace.sign_in()  # the call before may have ended the session
            method, path = call.name.split()
            number = contact_id = 1
            if "{contact_id}" in path:
                contact_id = (await grace.add_contact(**FULL))["id"]
            if "trash/{contact_id}" in path:
                await grace.delete(f"/api/contacts/{contact_id}")
            if "versions" in path:
                await grace.patch(f"/api/contacts/{contact_id}", json={"notes": "changed"})
            if "sessions/{id}" in path:
                sessions = (await (await grace.get("/api/users/me/sessions")).json())["items"]
                (number,) = (session["id"] for session in sessions if session["current"])

            url = call.url or path.format(id=number, contact_id=contact_id, version=1)
            response = await grace.request(method, url, **call.options)

            assert response.status == call.status, await response.text()
            await assert_as_documented(document, call.name, response)


async def test_pictures_and_archives_are_answered_as_documented(
    document: Json, grace: Person
) -> None:
    path = f"{CONTACT}/photo".format(contact_id=(await grace.add_contact())["id"])
    assert (await grace.put(path, data=flag(), headers=AS_PNG)).status == 204
    etag = (await grace.get(path)).headers["ETag"]
    for name, headers, status in (
        (f"GET {CONTACT}/photo", {"If-None-Match": etag}, 304),
        (f"PUT {CONTACT}/photo", AS_PNG | {"If-None-Match": "*"}, 412),
        (f"DELETE {CONTACT}/photo", {"If-Match": '"1"'}, 412),
        (f"DELETE {CONTACT}/photo", {"If-Match": etag}, 204),
        ("GET /api/users/me/export", {"Accept": "application/json"}, 406),
    ):
        url = path if "photo" in name else name.split()[1]
        response = await grace.request(name.split()[0], url, headers=headers)
        assert response.status == status, name
        await assert_as_documented(document, name, response)


async def test_changes_are_answered_as_documented(
    document: Json, grace: Person, pg: asyncpg.Connection
) -> None:
    ids = [(await grace.add_contact(**FULL))["id"] for _ in range(2)]
    begun = {"cursor": (await (await grace.get("/api/contacts/changes")).json())["next_cursor"]}
    await grace.patch(f"/api/contacts/{ids[0]}", json={"notes": "changed"})
    await grace.delete(f"/api/contacts/{ids[1]}")
    for status in (200, 410):
        response = await grace.get("/api/contacts/changes", params=begun)

        assert response.status == status
        await assert_as_documented(document, "GET /api/contacts/changes", response)
        await pg.execute("UPDATE address_books SET oldest_seq = seq")


async def test_ill_health_is_answered_as_documented(
    document: Json, client: Client, pg: asyncpg.Connection
) -> None:
    await pg.execute("ALTER TABLE aerich RENAME TO hidden")
    try:
        response = await client.get("/api/healthchecker")
    finally:
        await pg.execute("ALTER TABLE hidden RENAME TO aerich")

    assert response.status == 503
    await assert_as_documented(document, "GET /api/healthchecker", response)


async def test_the_examples_of_bodies_are_accepted(
    document: Json, grace: Person, subtests: pytest.Subtests
) -> None:
    for name, status in [
        ("POST /api/contacts", 201),
        ("PUT /api/contacts/{contact_id}", 200),
        ("PATCH /api/contacts/{contact_id}", 200),
        ("PATCH /api/users/me", 200),
        ("POST /api/auth/logout", 204),
    ]:
        with subtests.test(name=name, status=status):
            contact = await grace.add_contact()
            method, path = name.split()

            for media_type, content in operations(document)[name]["requestBody"]["content"].items():
                url, headers = path.format(contact_id=contact["id"]), {"Content-Type": media_type}
                response = await grace.request(
                    method, url, json=content["example"], headers=headers
                )
                assert response.status == status, await response.text()
