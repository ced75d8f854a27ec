"""Who may call what: every route and method, and everybody who might try."""

import asyncpg
import pytest
from aiohttp import ClientResponse, hdrs

from contactsvc.platform.settings import Settings
from contactsvc.routes import ROUTES
from contactsvc.web.methods import METHODS
from tests.conftest import PASSWORD, Client, MakeClient, Person, problem
from tests.support.forgery import forge, long_ago
from tests.support.photo_uploads import put_photo
from tests.support.pictures import flag

PUBLIC, USER, ADMIN = "public", "user", "admin"
MATRIX = {
    ("POST", "/api/auth/register"): PUBLIC,
    ("POST", "/api/auth/login"): PUBLIC,
    ("POST", "/api/auth/refresh"): PUBLIC,
    ("POST", "/api/auth/logout"): USER,
    ("GET", "/api/users/me"): USER,
    ("PATCH", "/api/users/me"): USER,
    ("PATCH", "/api/users/avatar"): ADMIN,
    ("DELETE", "/api/users/avatar"): ADMIN,
    ("GET", "/api/avatars/{name}"): PUBLIC,
    ("GET", "/api/avatars/initials/{letters}-{colour}.svg"): PUBLIC,
    ("GET", "/api/auth/confirmed_email/{token}"): PUBLIC,
    ("POST", "/api/auth/confirmed_email/{token}"): PUBLIC,
    ("POST", "/api/auth/request_email"): PUBLIC,
    ("POST", "/api/auth/update_password"): PUBLIC,
    ("GET", "/api/auth/confirm_update_password/{token}"): PUBLIC,
    ("POST", "/api/auth/confirm_update_password/{token}"): PUBLIC,
    ("DELETE", "/api/users/me"): USER,
    ("PUT", "/api/users/me/password"): USER,
    ("POST", "/api/users/me/email"): USER,
    ("GET", "/api/users/me/export"): USER,
    ("GET", "/api/users/me/carddav.mobileconfig"): USER,
    ("PUT", "/api/users/me/birthday_reminder"): USER,
    ("GET", "/api/birthdays/unsubscribe/{token}"): PUBLIC,
    ("POST", "/api/birthdays/unsubscribe/{token}"): PUBLIC,
    ("GET", "/api/users/me/sessions"): USER,
    ("DELETE", "/api/users/me/sessions/{id}"): USER,
    ("GET", "/api/users/me/app_passwords"): USER,
    ("POST", "/api/users/me/app_passwords"): USER,
    ("DELETE", "/api/users/me/app_passwords/{id}"): USER,
    ("POST", "/api/users/me/birthday_feed"): USER,
    ("DELETE", "/api/users/me/birthday_feed"): USER,
    ("GET", "/api/birthdays/{secret}.ics"): PUBLIC,
    ("GET", "/api/admin/users"): ADMIN,
    ("GET", "/api/admin/users/{id}"): ADMIN,
    ("PATCH", "/api/admin/users/{id}"): ADMIN,
    ("DELETE", "/api/admin/users/{id}"): ADMIN,
    ("POST", "/api/admin/users/{id}/logout"): ADMIN,
    ("POST", "/api/admin/users/{id}/reset"): ADMIN,
    ("GET", "/api/admin/audit"): ADMIN,
    ("GET", "/api/admin/outbox"): ADMIN,
    ("POST", "/api/admin/outbox/{id}/retry"): ADMIN,
    ("GET", "/api/contacts/"): USER,
    ("POST", "/api/contacts/"): USER,
    ("POST", "/api/contacts/batch"): USER,
    ("GET", "/api/contacts/birthdays"): USER,
    ("GET", "/api/contacts/changes"): USER,
    ("GET", "/api/contacts/duplicates"): USER,
    ("POST", "/api/contacts/duplicates/dismiss"): USER,
    ("GET", "/api/contacts/export"): USER,
    ("POST", "/api/contacts/import"): USER,
    ("POST", "/api/contacts/merge"): USER,
    ("GET", "/api/contacts/operations"): USER,
    ("POST", "/api/contacts/operations/{id}/undo"): USER,
    ("GET", "/api/contacts/trash"): USER,
    ("DELETE", "/api/contacts/trash"): USER,
    ("DELETE", "/api/contacts/trash/{contact_id}"): USER,
    ("POST", "/api/contacts/trash/{contact_id}/restore"): USER,
    ("GET", "/api/contacts/{contact_id}/versions"): USER,
    ("POST", "/api/contacts/{contact_id}/versions/{version}/restore"): USER,
    ("GET", "/api/contacts/{contact_id}/photo"): USER,
    ("PUT", "/api/contacts/{contact_id}/photo"): USER,
    ("DELETE", "/api/contacts/{contact_id}/photo"): USER,
    ("GET", "/api/contacts/{contact_id}"): USER,
    ("PUT", "/api/contacts/{contact_id}"): USER,
    ("PATCH", "/api/contacts/{contact_id}"): USER,
    ("DELETE", "/api/contacts/{contact_id}"): USER,
    ("GET", "/api/tags/"): USER,
    ("PATCH", "/api/tags/{name}"): USER,
    ("DELETE", "/api/tags/{name}"): USER,
    ("GET", "/api/healthchecker"): PUBLIC,
    ("GET", "/livez"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("GET", "/api/docs"): PUBLIC,
    ("GET", "/api/docs/openapi.json"): PUBLIC,
    ("GET", "/api/docs/swagger-ui/{name}"): PUBLIC,
}
"""Who may call each route; HEAD goes with GET. A route that is missing here fails the build."""

PROGRAM = "program"
_ROOT, _PRINCIPAL = "/dav/", "/dav/principals/{user_id}/"
_HOME, _BOOK = "/dav/addressbooks/{user_id}/", "/dav/addressbooks/{user_id}/{book_id}/"
_CARD = f"{_BOOK}{{name}}.vcf"
CARDDAV = {
    ("GET", "/.well-known/carddav"): PUBLIC,
    **dict.fromkeys(
        (("OPTIONS", path) for path in (_ROOT, _PRINCIPAL, _HOME, _BOOK, _CARD)), PUBLIC
    ),
    **dict.fromkeys(
        (("PROPFIND", path) for path in (_ROOT, _PRINCIPAL, _HOME, _BOOK, _CARD)), PROGRAM
    ),
    **dict.fromkeys((("PROPPATCH", path) for path in (_HOME, _BOOK)), PROGRAM),
    ("REPORT", _BOOK): PROGRAM,
    **dict.fromkeys(((method, _CARD) for method in ("GET", "PUT", "DELETE")), PROGRAM),
}
"""Who may call the resources of CardDAV: programs sign in with e-mail and app password."""

Entry = tuple[str, str]


def entries(*whose: str) -> set[Entry]:
    """Return the entries of the matrix for these."""
    return {entry for entry, who in MATRIX.items() if who in whose}


def test_every_route_and_method_is_in_the_matrix() -> None:
    served = {
        (method, path)
        for path, view in ROUTES
        for method in METHODS - {hdrs.METH_HEAD}
        if hasattr(view, method.lower())
    }

    assert served == set(MATRIX) | set(CARDDAV)
    assert not set(MATRIX) & set(CARDDAV)


def test_whoever_answers_get_answers_head() -> None:
    assert [path for path, view in ROUTES if hasattr(view, "get") != hasattr(view, "head")] == []


async def call(client: Client, entry: Entry, token: str | None) -> ClientResponse:
    """Call a route with a body that is no JSON, as access is decided before it is looked at."""
    method, path = entry
    # What ends sessions must not be done to the one who tries everything.
    some_id = "999" if {"admin", "sessions", "app_passwords"} & set(path.split("/")) else "1"
    places = {"contact_id": "1", "version": "1", "name": "start.js"}
    places |= {"token": "unknown", "secret": "unknown"}
    path = path.format(id=some_id, letters="GH", colour="1", **places)
    headers = {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    data = None if method == "GET" else b"no JSON"
    return await client.request(method, path, data=data, headers=headers)


async def statuses(client: Client, token: str | None) -> dict[Entry, int]:
    """Return how each route answers, HEAD included where there is one."""
    found = {}
    for method, path in MATRIX:
        found[method, path] = (await call(client, (method, path), token)).status
        if method == "GET":
            head = await call(client, ("HEAD", path), token)
            assert head.status == found[method, path], path
    return found


async def only_public_routes_answer(client: Client, token: str | None, refusal: int) -> None:
    """Assert that everything which is not public is refused with that status."""
    found = await statuses(client, token)
    let_in = {entry: status for entry, status in found.items() if status not in (401, 403)}
    assert set(let_in) == {entry for entry, who in MATRIX.items() if who == PUBLIC}
    assert {found[entry] for entry in MATRIX if entry not in let_in} == {refusal}
    # A public route looks at no token, so a bad one shuts nobody out of it.
    assert set(let_in.values()) <= {200, 400, 404}


async def test_nobody(client: Client) -> None:
    await only_public_routes_answer(client, None, 401)


async def test_a_garbage_token(client: Client) -> None:
    await only_public_routes_answer(client, "garbage", 401)


async def test_an_expired_token(grace: Person, settings: Settings) -> None:
    expired = forge(grace.tokens["access_token"], settings.secret_key, exp=long_ago())

    await only_public_routes_answer(grace.client, expired, 401)


async def test_a_refresh_token(grace: Person) -> None:
    await only_public_routes_answer(grace.client, grace.tokens["refresh_token"], 401)


async def test_a_revoked_session(grace: Person) -> None:
    assert (await grace.get("/api/users/me")).status == 200  # cached from here on
    assert (await grace.post("/api/auth/logout")).status == 204

    await only_public_routes_answer(grace.client, grace.tokens["access_token"], 401)


@pytest.mark.parametrize(
    "change", ["UPDATE users SET is_active = false", "DELETE FROM users"], ids=["off", "gone"]
)
async def test_an_account_that_is_no_more(
    grace: Person, pg: asyncpg.Connection, change: str
) -> None:
    await pg.execute(change)

    await only_public_routes_answer(grace.client, grace.tokens["access_token"], 401)


async def test_an_unconfirmed_account(make_client: MakeClient, client: Client) -> None:
    """Its token comes from when the service was less strict."""
    lenient = await make_client(require_confirmed_email=False)
    body = {"email": "grace@example.com", "password": PASSWORD}
    assert (await lenient.post("/api/auth/register", json=body)).status == 201
    person = Person(lenient, "grace@example.com")
    await person.sign_in()
    assert (await person.get("/api/users/me")).status == 200

    await only_public_routes_answer(client, person.tokens["access_token"], 403)
    refused = await call(client, ("GET", "/api/users/me"), person.tokens["access_token"])
    await problem(refused, 403, "email_not_confirmed")


async def test_a_signed_in_user(grace: Person) -> None:
    await put_photo(grace, await grace.add_contact(), flag())

    found = await statuses(grace.client, grace.tokens["access_token"])

    assert {entry for entry, status in found.items() if status == 403} == entries(ADMIN)
    assert {found[entry] for entry in entries(PUBLIC, USER)} <= {200, 201, 204, 400, 404, 415}
    assert all(found[entry] in (200, 400) for entry in entries(USER) if entry[0] == "GET"), found


async def test_an_administrator(grace: Person, pg: asyncpg.Connection) -> None:
    await pg.execute("UPDATE users SET role = 'admin'")

    found = await statuses(grace.client, grace.tokens["access_token"])

    assert {found[entry] for entry in entries(ADMIN)} <= {200, 202, 204, 400, 404, 415}


async def test_a_role_is_taken_away_for_the_very_next_request(
    grace: Person, pg: asyncpg.Connection
) -> None:
    """Even where the change went past the service, and the cached user still says admin."""
    await pg.execute("UPDATE users SET role = 'admin'")
    assert (await grace.get("/api/admin/users")).status == 200
    await pg.execute("UPDATE users SET role = 'user'")

    await problem(await grace.get("/api/admin/users"), 403, "forbidden")


async def test_a_refusal_says_how_to_come_in(client: Client, subtests: pytest.Subtests) -> None:
    for entry in sorted(entries(USER, ADMIN)):
        with subtests.test(entry=entry):
            response = await call(client, entry, None)

            await problem(response, 401, "unauthenticated")
            assert response.headers["WWW-Authenticate"] == "Bearer"
