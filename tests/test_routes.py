"""How paths are read and written: slashes, HEAD, and the public URL."""

import re
from urllib.parse import urlsplit

import asyncpg
import pytest
from aiohttp import ClientResponse

from tests.conftest import Client, MakeClient, Person
from tests.middleware.test_errors import GETS, OTHERS, filled


@pytest.mark.parametrize("path", GETS)
async def test_every_path_works_with_and_without_its_slash(ada: Person, path: str) -> None:
    bare = filled(path).rstrip("/")

    without = await ada.get(bare, allow_redirects=False)
    with_slash = await ada.get(f"{bare}/", allow_redirects=False)

    assert without.status == with_slash.status == 200
    if path != "/metrics":  # which has counted the first request when it answers the second
        assert await without.read() == await with_slash.read()


@pytest.mark.parametrize(("method", "path"), OTHERS)
async def test_every_method_works_with_and_without_its_slash(
    client: Client, method: str, path: str
) -> None:
    """What it answers when it is asked badly is enough to know that it is the same handler."""
    bare, bodies = filled(path).rstrip("/"), []
    for form in (bare, f"{bare}/"):
        headers = {"X-Request-ID": "same"}
        async with client.request(
            method, form, json={}, headers=headers, allow_redirects=False
        ) as response:
            assert response.status in (400, 401, 422)
            bodies.append(await response.read())

    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("path", GETS)
async def test_head_mirrors_get(ada: Person, path: str) -> None:
    headers = {"X-Request-ID": "same"}

    get = await ada.get(filled(path), headers=headers)
    head = await ada.request("HEAD", filled(path), headers=headers)

    assert head.status == get.status == 200
    assert await head.read() == b""
    assert int(head.headers["Content-Length"]) > 0
    if path != "/metrics":  # which counts the GET when it answers the HEAD
        assert int(head.headers["Content-Length"]) == len(await get.read())
        assert without_date(head) == without_date(get)


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
    assert urlsplit(me["avatar_url"]).path.endswith("/avatar.svg")
