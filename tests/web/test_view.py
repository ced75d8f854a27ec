"""What all views share: HEAD, the public URL, times in JSON, and what browsers must not keep."""

import re
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import asyncpg
import pytest
from aiohttp import ClientResponse, web
from pytest_aiohttp.plugin import AiohttpClient

from contactsvc.web.operation import PUBLIC, Answer, operation
from contactsvc.web.view import View, json_response
from tests.conftest import PASSWORD, MakeClient, Person
from tests.support.routes import GETS, filled


@pytest.mark.slow
async def test_head_mirrors_get(ada: Person, subtests: pytest.Subtests) -> None:
    for path in GETS:
        with subtests.test(path=path):
            headers = {"X-Request-ID": "same"}

            get = await ada.get(filled(path), headers=headers)
            head = await ada.request("HEAD", filled(path), headers=headers)

            assert head.status == get.status == 200
            assert await head.read() == b""
            assert int(head.headers["Content-Length"]) > 0
            if path != "/metrics":  # which counts the GET when it answers the HEAD
                assert int(head.headers["Content-Length"]) == len(await get.read())
                assert without_date(head) == without_date(get)


class Collection(View):
    """A resource of WebDAV."""

    @operation(tag="service", id="find", summary="Find", access=PUBLIC, answers=[Answer(207, "It")])
    async def propfind(self) -> web.Response:
        return web.Response(status=207)


async def test_methods_of_webdav_are_answered_and_named(aiohttp_client: AiohttpClient) -> None:
    app = web.Application()
    app.router.add_view("/", Collection)
    client = await aiohttp_client(app)

    assert (await client.request("PROPFIND", "/")).status == 207
    for method in ("GET", "REPORT", "LOCK", "MKCOL"):
        refused = await client.request(method, "/")
        assert (refused.status, refused.headers["Allow"]) == (405, "PROPFIND")


def without_date(response: ClientResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "Date"}


async def test_head_mirrors_errors_of_get(grace: Person) -> None:
    for path, status in (("/api/contacts/1", 404), ("/api/contacts/x", 422), ("/x", 404)):
        response = await grace.request("HEAD", path)
        assert response.status == status
        assert response.content_type == "application/problem+json"
        assert await response.read() == b""


@pytest.mark.parametrize("public_url", ["https://contacts.example.com", "http://[::1]:8000/book"])
async def test_urls_begin_with_the_public_one_whatever_the_request_says(
    grace: Person, make_client: MakeClient, pg: asyncpg.Connection, public_url: str
) -> None:
    person = Person(await make_client(public_url=public_url), grace.email)
    await person.sign_in()
    headers = {
        "Host": "evil.example.com",
        "X-Forwarded-Host": "evil.example.com",
        "X-Forwarded-Proto": "gopher",
        "Forwarded": "host=evil.example.com;proto=gopher",
    }
    body = {"first_name": "Ada"}
    created = [await person.post("/api/contacts/", json=body, headers=headers) for _ in range(2)]
    listed = await person.get("/api/contacts/?limit=1", headers=headers)
    me = await (await person.get("/api/users/me", headers=headers)).json()

    links = re.findall("<(.*?)>", listed.headers["Link"])
    assert len(links) == 2
    for url in (created[0].headers["Location"], *links, me["avatar_url"]):
        assert url.startswith(f"{public_url}/api/"), url
    for response in (*created, listed):
        assert "evil" not in str(response.headers)
    assert "/api/avatars/initials/" in urlsplit(me["avatar_url"]).path


@pytest.mark.parametrize(
    ("scope", "cleared"), [("local", True), ("global", True), ("others", None)]
)
async def test_what_a_browser_has_kept_goes_with_the_session(
    grace: Person, scope: str, cleared: bool | None
) -> None:
    contact = await grace.add_contact()
    kept = await grace.get(f"/api/contacts/{contact['id']}")
    assert kept.headers["Cache-Control"] == "private, no-cache"  # so it may be kept

    answer = await grace.post("/api/auth/logout", json={"scope": scope})

    assert answer.status == 204
    assert answer.headers.get("Clear-Site-Data") == ('"cache"' if cleared else None)


async def test_what_a_browser_has_kept_goes_with_the_account(grace: Person) -> None:
    answer = await grace.delete("/api/users/me", json={"password": PASSWORD})

    assert answer.status == 204
    assert answer.headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (datetime(2024, 2, 29, 12, 0, 0, tzinfo=UTC), "2024-02-29T12:00:00Z"),
        (datetime(2024, 2, 29, 12, 0, 0, 250_000, tzinfo=UTC), "2024-02-29T12:00:00.250000Z"),
        (date(2024, 2, 29), "2024-02-29"),
    ],
)
def test_times_are_those_of_rfc_3339(time: date, text: str) -> None:
    response = json_response({"at": time}, status=201, headers={"ETag": '"1"'})

    assert response.body == b'{"at":"%s"}' % text.encode()
    assert (response.status, response.content_type) == (201, "application/json")
    assert response.headers["ETag"] == '"1"'
