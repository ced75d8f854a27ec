"""The floor: the least code that answers the measured requests with the same libraries.

aiohttp, asyncpg, redis-py, PyJWT, orjson and uvloop; no ORM, no schemas, no error pages. It does
what cannot be left out: it verifies the token, reads the user from Redis in one round trip, and
runs one statement where there is data. It logs nothing. What the service costs beyond it is its
own.

It is started by :mod:`benchmarks.contestants`, which has prepared its tables.
"""

import asyncio
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
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

FIELDS: Final = "first_name, last_name, email, phone, birthday, notes"
COLUMNS: Final = f"id, {FIELDS}, created_at, updated_at"
"""The columns of an answer. Their order is that of the service's answer."""

TABLES: Final = (
    "CREATE SCHEMA floor",
    f"CREATE TABLE floor.contacts AS SELECT owner_id, {COLUMNS} FROM public.contacts",
    "ALTER TABLE floor.contacts ADD PRIMARY KEY (id)",
    "ALTER TABLE floor.contacts ALTER id ADD GENERATED ALWAYS AS IDENTITY (START 1000000)",
    "ALTER TABLE floor.contacts ALTER created_at SET DEFAULT now()",
    "ALTER TABLE floor.contacts ALTER updated_at SET DEFAULT now()",
    "CREATE INDEX ON floor.contacts (owner_id, last_name, id)",
    "VACUUM ANALYZE floor.contacts",
)
"""Statements that copy what the service has stored."""

PAGE: Final = (
    f"SELECT {COLUMNS} FROM floor.contacts WHERE owner_id = $1 ORDER BY last_name, id LIMIT $2"
)
ONE: Final = f"SELECT {COLUMNS} FROM floor.contacts WHERE owner_id = $1 AND id = $2"
ADD: Final = (
    f"INSERT INTO floor.contacts (owner_id, {FIELDS}) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    f" RETURNING {COLUMNS}"
)

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


async def page(request: web.Request) -> web.Response:
    """Return the first page; one row more says whether there is a next one."""
    limit = int(request.query.get("limit", 50))
    rows = await request.app[POOL].fetch(PAGE, request["user"]["id"], limit + 1)
    cursor = None
    if len(rows) > limit:
        last = rows[limit - 1]
        cursor = urlsafe_b64encode(orjson.dumps([last["last_name"], last["id"]])).decode()
    return _json({"items": [dict(row) for row in rows[:limit]], "next_cursor": cursor})


async def one(request: web.Request) -> web.Response:
    """Return a contact."""
    contact_id = int(request.match_info["id"])
    row = await request.app[POOL].fetchrow(ONE, request["user"]["id"], contact_id)
    return _json(dict(row))


async def add(request: web.Request) -> web.Response:
    """Add a contact."""
    body = orjson.loads(await request.read())
    values = [body[name] for name in FIELDS.split(", ")]
    row = await request.app[POOL].fetchrow(ADD, request["user"]["id"], *values)
    return _json(dict(row), 201)


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
