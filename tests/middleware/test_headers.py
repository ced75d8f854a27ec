"""What every answer tells a browser, so that the browser helps to keep people safe."""

import pytest
from aiohttp import ClientResponse

from tests.conftest import PASSWORD, Client, MakeClient, Person, problem
from tests.support.mailbox import Mailbox
from tests.test_access_matrix import MATRIX, call
from tests.views.test_confirmation import EMAIL, login_status, register

TEXT = ("text/", "image/svg+xml")


async def every_answer(client: Client, token: str | None) -> list[ClientResponse]:
    """Call every route, and something that is none."""
    # The one that would end the session comes last.
    entries = sorted(MATRIX, key=lambda entry: "logout" in entry[1])
    answers = [await call(client, entry, token) for entry in entries]
    return [*answers, await client.get("/nothing/here")]


async def test_every_answer_says_what_a_browser_may_do_with_it(client: Client, ada: Person) -> None:
    token = ada.tokens["access_token"]
    answers = await every_answer(client, None) + await every_answer(client, token)

    assert len(answers) > 2 * len(MATRIX)
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), answer.url
        assert "unsafe-eval" not in policy
        assert "script-src 'unsafe-inline'" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer", answer.url
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_no_answer_sets_a_cookie(client: Client, ada: Person) -> None:
    await ada.sign_in()  # would be the occasion
    token = ada.tokens["access_token"]
    for answer in await every_answer(client, token):
        assert "Set-Cookie" not in answer.headers, answer.url
    assert len(client.session.cookie_jar) == 0


async def test_every_body_says_what_it_is(client: Client, ada: Person) -> None:
    seen = set()
    for answer in await every_answer(client, ada.tokens["access_token"]):
        if not await answer.read():
            continue
        media_type = answer.headers["Content-Type"]
        seen.add(media_type)
        assert not media_type.startswith(TEXT) or "charset=utf-8" in media_type, answer.url
        assert media_type != "application/octet-stream", answer.url
    assert {"application/json", "application/problem+json", "text/html; charset=utf-8"} <= seen


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


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        ".env",
        "pyproject.toml",
        "var/secret_key",
        "api/docs/swagger-ui/..%2f__init__.py",
        "api/avatars/..%2f..%2fsecret_key",
    ],
)
async def test_nothing_of_the_service_itself_is_served(client: Client, path: str) -> None:
    await problem(await client.get(f"/{path}"), 404, "not_found")


@pytest.mark.parametrize(
    ("public_url", "warned"),
    [
        ("http://contacts.example.com", True),
        ("https://contacts.example.com", False),
        ("http://127.0.0.1:8000", False),
        ("http://[::1]:8000", False),
    ],
)
async def test_who_is_reached_without_tls_is_warned(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture, public_url: str, warned: bool
) -> None:
    await make_client(public_url=public_url)

    said = [record.getMessage() for record in caplog.records if record.name == "contactsvc.app"]
    assert any("PUBLIC_URL is http" in line for line in said) == warned


@pytest.mark.parametrize("mode", ["navigate", "no-cors"])
async def test_a_browser_that_only_loads_the_link_confirms_nothing(
    client: Client, mailbox: Mailbox, mode: str
) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)

    answer = await client.get(path, headers={"Accept": "*/*", "Sec-Fetch-Mode": mode})

    assert (answer.status, answer.content_type) == (200, "text/html")
    assert await login_status(client) == 403


async def test_a_script_may_confirm(client: Client, mailbox: Mailbox) -> None:
    await register(client)
    path = await mailbox.link(EMAIL)

    answer = await client.get(path, headers={"Accept": "*/*", "Sec-Fetch-Mode": "cors"})

    assert await answer.json() == {"status": "confirmed"}
    assert await login_status(client) == 200


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
