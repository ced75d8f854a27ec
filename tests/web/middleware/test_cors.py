"""Which web pages may use the service: those of the configured origins, and no other."""

import pytest

from tests.conftest import Client, MakeClient, problem

APP, FOREIGN = "https://app.example.com", "https://evil.example.com"
PREFLIGHT = {
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization, content-type, if-match",
}


@pytest.fixture
async def for_pages(make_client: MakeClient) -> Client:
    """A client of an application that pages of one origin may use."""
    return await make_client(cors_origins=(APP,))


async def test_a_page_may_ask_first(for_pages: Client) -> None:
    headers = PREFLIGHT | {"Origin": APP}

    response = await for_pages.options("/api/contacts/1", headers=headers)

    assert response.status == 204
    assert response.headers["Access-Control-Allow-Origin"] == APP
    allowed = response.headers["Access-Control-Allow-Methods"].split(", ")
    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= set(allowed)
    names = response.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"authorization", "content-type", "if-match", "if-none-match"} <= set(names)
    assert "idempotency-key" in names
    assert int(response.headers["Access-Control-Max-Age"]) > 0
    assert "Origin" in response.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/livez", 200),
        ("/api/users/me", 401),
        ("/nothing", 404),
        ("/api/avatars/initials/GH-x.svg", 422),
    ],
)
async def test_a_page_may_read_answers_and_errors(
    for_pages: Client, path: str, status: int
) -> None:
    """A page that could not read a 401 would not know that it has to sign in again."""
    response = await for_pages.get(path, headers={"Origin": APP})

    assert response.status == status
    assert response.headers["Access-Control-Allow-Origin"] == APP
    exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "Location", "X-Request-ID", "Idempotency-Replayed"} <= set(exposed)
    assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize(
    "origin", [FOREIGN, "null", "http://app.example.com", f"{APP}.evil.example", f"{APP}:444", ""]
)
async def test_foreign_pages_may_neither_ask_nor_read(for_pages: Client, origin: str) -> None:
    headers = {"Origin": origin}

    for response in (
        await for_pages.options("/api/contacts/1", headers=PREFLIGHT | headers),
        await for_pages.get("/livez", headers=headers),
    ):
        assert not [name for name in response.headers if name.startswith("Access-Control")]
        assert "Origin" in response.headers["Vary"]


async def test_no_page_may_read_unless_it_is_set_so(client: Client) -> None:
    headers = {"Origin": APP}

    await problem(
        await client.options("/livez", headers=PREFLIGHT | headers), 405, "method_not_allowed"
    )
    response = await client.get("/livez", headers=headers)
    assert not [name for name in response.headers if name.startswith("Access-Control")]
