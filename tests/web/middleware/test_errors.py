"""Whatever is raised is answered in the one envelope, and tells nobody more than it should."""

import json
import re

import asyncpg
import pytest

from contactsvc.routes import ROUTES
from contactsvc.web.methods import METHODS
from tests.conftest import Client, MakePerson, Person, problem
from tests.support.log_lines import log_lines
from tests.support.routes import OTHERS, filled


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
async def test_there_is_nothing_there(client: Client, method: str) -> None:
    for path in ("/", "/api", "/api/", "/api/nothing", "/api/contacts//", "/api/contacts/1/2"):
        for headers in ({}, {"Accept": "application/json"}, {"Accept": "image/png"}):
            response = await client.request(method, path, headers=headers)
            await problem(response, 404, "not_found")


@pytest.mark.slow
async def test_a_method_that_a_path_does_not_know(
    client: Client, subtests: pytest.Subtests
) -> None:
    for path, view in ROUTES:
        if "well-known" in path:
            continue  # it answers every method
        with subtests.test(path=path, view=view):
            known = {method for method in METHODS if hasattr(view, method.lower())}

            for method in sorted(METHODS - known - {"HEAD", "CONNECT"} | {"LOCK"}):
                for form in (filled(path).rstrip("/"), f"{filled(path).rstrip('/')}/"):
                    response = await client.request(
                        method, form, headers={"Accept": "application/json"}
                    )
                    await problem(response, 405, "method_not_allowed")
                    assert set(re.split(", ?", response.headers["Allow"])) == known


async def test_a_body_of_another_kind(ada: Person, subtests: pytest.Subtests) -> None:
    for method, path in [e for e in OTHERS if e[0] != "DELETE"]:
        with subtests.test(method=method, path=path):
            for content_type in ("text/plain", "application/xml", "nonsense"):
                headers = {"Content-Type": content_type}
                response = await ada.request(method, filled(path), data=b"{}", headers=headers)
                await problem(response, 415, "unsupported_media_type")


async def test_what_is_unexpected_is_told_to_nobody_but_the_log(
    broken: Client, caplog: pytest.LogCaptureFixture
) -> None:
    response = await broken.get("/broken")

    body = await problem(response, 500, "internal_error")
    text = await response.text()
    assert not re.search("hunter2|RuntimeError|Traceback|test_errors", text)
    assert body.keys() == {"type", "title", "status", "detail", "code", "request_id"}
    assert "hunter2" in caplog.text
    assert body["request_id"] in caplog.text


async def test_the_log_says_for_whom_a_handler_failed(
    broken: Client, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    await make_person("somebody@else.example")
    grace = await make_person(client=broken)
    user_id = await pg.fetchval("SELECT id FROM users WHERE email = $1", grace.email)

    with log_lines("json") as lines:
        response = await grace.get("/broken/mine")
        await broken.get("/broken")

    mine, anybodys = [
        entry
        for entry in map(json.loads, lines.getvalue().splitlines())
        if entry["event"].startswith("Unexpected error")
    ]
    assert mine["exception"].splitlines()[-1] == "RuntimeError"
    assert (mine["user_id"], mine["request_id"]) == (user_id, response.headers["X-Request-ID"])
    assert "user_id" not in anybodys
