"""The OpenAPI document and Swagger UI: pages and files that ask nobody but this service."""

import re
import sys

import pytest
from yarl import URL

from tests.conftest import Client, Person, problem
from tests.support.sending import fetch


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("favicon-32x32.png", "image/png"),
    ],
)
async def test_files_say_their_character_set(client: Client, name: str, media_type: str) -> None:
    answer = await client.get(f"/api/docs/swagger-ui/{name}")

    assert answer.status == 200
    assert answer.headers["Content-Type"] == media_type


async def test_swagger_ui_cleans_html_by_a_mended_library(client: Client) -> None:
    """3.4.7 and what came before let script through, by published advisories."""
    bundle = await (await client.get("/api/docs/swagger-ui/swagger-ui-bundle.js")).text()
    [version] = re.findall(r'DOMPurify\.version="(\d+\.\d+\.\d+)"', bundle)

    assert tuple(map(int, version.split("."))) >= (3, 4, 16)
    assert "flask" not in sys.modules, "it brings the files, and is not run"


async def test_only_the_files_of_swagger_ui_are_served(ada: Person) -> None:
    for name in (
        "..%2F..%2Fapp.py",
        "%2Fetc%2Fpasswd",
        "%00",
        "index.html",
        "START.JS",
        "%FF",
        "%C0%80",
    ):
        response = await fetch(ada, "GET", f"/api/docs/swagger-ui/{name}")
        await problem(response, 404, "not_found")


async def test_all_that_the_page_loads_is_there_and_is_let_in_by_its_policy(client: Client) -> None:
    page = await client.get("/api/docs")
    loaded = re.findall('(?:src|href)="(.*?)"', await page.text())

    assert page.content_type == "text/html"
    assert len(loaded) == 4
    for path in loaded:
        assert URL(path).host is None, "it asks nobody else"
        answer = await client.get(path)
        assert (answer.status, await answer.read() != b"") == (200, True), path
    policy = page.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "connect-src 'self'"} <= set(policy)
    assert page.headers["Cache-Control"] == "no-cache"


async def test_the_page_shows_the_document_of_this_service(client: Client) -> None:
    script = await (await client.get("/api/docs/swagger-ui/start.js")).text()
    [path] = re.findall(r'url: "(.*?)"', script)

    document = await client.get(path)

    assert (document.status, document.content_type) == (200, "application/json")
    assert "/api/contacts" in (await document.json())["paths"]
    assert document.headers["Cache-Control"] == "no-cache"
