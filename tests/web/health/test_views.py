"""The service's own state."""

import asyncpg

from contactsvc import __version__
from tests.conftest import Client, problem


async def test_all_is_well(client: Client) -> None:
    response = await client.get("/api/healthchecker")

    assert response.status == 200
    assert await response.json() == {
        "status": "ok",
        "version": __version__,
        "checks": {"database": "ok", "migrations": "ok", "cache": "ok", "mail": "ok"},
    }


async def test_due_migrations_are_told(client: Client, pg: asyncpg.Connection) -> None:
    await pg.execute("CREATE TABLE kept AS TABLE aerich")
    await pg.execute("DELETE FROM aerich")
    try:
        response = await client.get("/api/healthchecker")
    finally:
        await pg.execute("INSERT INTO aerich SELECT * FROM kept")
        await pg.execute("DROP TABLE kept")

    body = await problem(response, 503, "unavailable")
    assert body["checks"]["migrations"] == "due"
    assert response.headers["Retry-After"] == "2"


async def test_liveness(client: Client) -> None:
    response = await client.get("/livez")

    assert response.status == 200
    assert await response.json() == {"status": "ok"}
