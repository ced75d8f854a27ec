"""The floor: the least code that answers the measured requests with the same libraries.

aiohttp, asyncpg, redis-py, PyJWT, orjson and uvloop; no ORM, no schemas, no error pages. It does
what cannot be left out: it verifies the token, reads the user from Redis in one round trip, and
runs one statement where there is data. It logs nothing. What the service costs beyond it is its
own.

It reads and writes the tables of the service. It is started by :mod:`benchmarks.contestants`.
"""

import asyncio
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Final

import asyncpg
import jwt
import orjson
import uvloop
from aiohttp import web
from aiohttp.typedefs import Handler
from redis import asyncio as redis

SECRET: Final = "for-a-benchmark-alone-0123456789abcdef"
ISSUER: Final = "http://127.0.0.1"
AUDIENCE: Final = "floor"

FIELDS: Final = ("first_name", "last_name", "email", "phone", "birthday", "notes")
"""What a body has."""

NAMES: Final = (
    "first_name, last_name, middle_name, prefix, suffix, nickname, organization, department, title"
)
COLUMNS: Final = (
    f"id, uid, display_name, {NAMES}, email, phone, birthday, notes, tags, favorite, created_at,"
    " updated_at, 1 AS book_id, photo AS photo_url"
)
"""The fields of an answer, in its order, but the lists. Nobody has a second book, or a photo."""

KEYS: Final = "display_name, search_key, last_name_sort, first_name_sort, birthday_md"
WRITTEN: Final = f"{', '.join(FIELDS)}, details, {KEYS}"

PAGE: Final = (
    f"SELECT {COLUMNS}, details, last_name_sort FROM contacts WHERE owner_id = $1"
    " ORDER BY last_name_sort, id LIMIT $2"
)
ONE: Final = f"SELECT {COLUMNS}, details FROM contacts WHERE owner_id = $1 AND id = $2"
ADD: Final = (
    "WITH book AS (UPDATE address_books SET seq = seq + 1, contacts = contacts + 1"
    " WHERE owner_id = $1 AND id = 1 RETURNING owner_id, seq)"
    " INSERT INTO contacts"
    f" (owner_id, seq, version, derived_version, created_at, updated_at, {WRITTEN})"
    " SELECT owner_id, seq, 1, 1, now(), now(), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13"
    f" FROM book RETURNING {COLUMNS}"
)
"""Adds a row as the service does, which counts it in the book."""

POOL: Final = web.AppKey("POOL", asyncpg.Pool)
REDIS: Final = web.AppKey("REDIS", redis.Redis)


def token(user_id: int) -> str:
    """Return an access token that is valid for a day."""
    now = int(time.time())  # noqa: TID251 - the service's clock is no part of the floor
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(user_id), "iat": now, "exp": now + 86400}
    return jwt.encode(claims, SECRET, "HS256")


def user_key(user_id: int | str) -> str:
    """Return the key of a user in Redis."""
    return f"floor:user:{user_id}"


def _json(value: Any, status: int = 200) -> web.Response:
    body = orjson.dumps(value, option=orjson.OPT_UTC_Z)
    return web.Response(body=body, status=status, content_type="application/json")


@web.middleware
async def authentication(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Verify the token and read the user."""
    bearer = request.headers.get("Authorization")
    if bearer is None:
        return web.Response(status=401)
    claims = jwt.decode(bearer[7:], SECRET, ["HS256"], audience=AUDIENCE, issuer=ISSUER)
    user: Any = await request.app[REDIS].get(user_key(claims["sub"]))
    request["user"] = orjson.loads(user)
    return await handler(request)


async def me(request: web.Request) -> web.Response:
    """Return the user."""
    return _json(request["user"])


def _contact(fields: dict[str, Any], lists: str) -> orjson.Fragment:
    """Return a contact as JSON; the lists are JSON already."""
    head = orjson.dumps(fields, option=orjson.OPT_UTC_Z)
    return orjson.Fragment(head[:-1] + b"," + lists.encode()[1:])


def _contacts(rows: Sequence[asyncpg.Record]) -> Iterator[orjson.Fragment]:
    for row in rows:
        fields = dict(row)
        del fields["last_name_sort"]
        yield _contact(fields, fields.pop("details"))


async def page(request: web.Request) -> web.Response:
    """Return the first page; one row more says whether there is a next one."""
    limit = int(request.query.get("limit", 50))
    rows = await request.app[POOL].fetch(PAGE, request["user"]["id"], limit + 1)
    cursor = None
    if len(rows) > limit:
        last = rows[limit - 1]
        cursor = urlsafe_b64encode(b"%b %d" % (last["last_name_sort"], last["id"])).decode()
    return _json({"items": list(_contacts(rows[:limit])), "next_cursor": cursor})


async def one(request: web.Request) -> web.Response:
    """Return a contact."""
    contact_id = int(request.match_info["id"])
    row = await request.app[POOL].fetchrow(ONE, request["user"]["id"], contact_id)
    fields = dict(row)
    return _json(_contact(fields, fields.pop("details")))


def _lists(email: str, phone: str) -> str:
    entry = {"type": None, "label": ""}
    emails, phones = [{"value": email, **entry}], [{"value": phone, **entry, "e164": phone}]
    others = dict.fromkeys(("addresses", "urls", "dates", "relations", "custom"), ())
    return orjson.dumps({"emails": emails, "phones": phones, **others}).decode()


async def add(request: web.Request) -> web.Response:
    """Add a contact.

    What it is found and sorted by is as long as the service's, but not as well thought of: how the
    service makes it is its own cost.
    """
    body = orjson.loads(await request.read())
    values = first, last, email, phone, birthday, _ = [body[name] for name in FIELDS]
    key = f" {first} {last} {email} {phone} {phone[1:]} ".casefold()
    sorts = [f"{pair} {pair[0]}".encode() for pair in (last + first, first + last)]
    month_day = int(birthday[5:7]) * 100 + int(birthday[8:])
    lists = _lists(email, phone)
    values += [lists, f"{first} {last}", key, *sorts, month_day]
    row = await request.app[POOL].fetchrow(ADD, request["user"]["id"], *values)
    return _json(_contact(dict(row), lists), 201)


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    def get_reset_query(self) -> str:
        return ""  # nothing sets session state, so its round trip can be left out


def create_app(database_url: str, redis_url: str) -> web.Application:
    """Return the floor as an application."""

    async def resources(app: web.Application) -> AsyncIterator[None]:
        app[REDIS] = redis.from_url(redis_url)
        async with asyncpg.create_pool(
            database_url, min_size=10, max_size=10, connection_class=_Connection
        ) as app[POOL]:
            yield
        await app[REDIS].aclose()

    app = web.Application(middlewares=[authentication])
    app.cleanup_ctx.append(resources)
    app.add_routes(
        [
            web.get("/api/users/me", me),
            web.get("/api/contacts/", page),
            web.post("/api/contacts/", add),
            web.get("/api/contacts/{id}", one),
        ]
    )
    return app


def main() -> None:
    """Serve at a port: floor.py PORT DATABASE_URL REDIS_URL."""
    port, database_url, redis_url = sys.argv[1:]
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    web.run_app(
        create_app(database_url, redis_url),
        host="127.0.0.1",
        port=int(port),
        access_log=None,
        print=None,
    )


if __name__ == "__main__":
    main()
