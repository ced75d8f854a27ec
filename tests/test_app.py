"""What the application picks by its settings, warns of at the start, and leaves behind: nothing."""

import asyncio
import gc

import asyncpg
import pytest
from aiohttp import web

from contactsvc.app import freeze_garbage
from contactsvc.platform.memory import COLLECT_AFTER
from contactsvc.platform.settings import Settings
from tests.conftest import MakeClient, problem
from tests.support.waiting import PATIENCE


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


async def test_where_mail_goes_is_told_where_no_server_takes_it(
    make_client: MakeClient, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    folder = settings.data_dir / "mail"
    told = f"mail is written into {folder}"

    await make_client(smtp_url="smtp://127.0.0.1:1")
    assert told not in caplog.text
    await make_client()
    assert told in caplog.text


async def test_a_database_that_is_away_at_the_start_is_told_and_answered_with_503(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = await make_client(database_url="postgres://postgres@127.0.0.1:1/nowhere")

    assert [r.levelname for r in caplog.records if r.name == "contactsvc.app"] == ["WARNING"]
    assert (await client.get("/livez")).status == 200
    body = {"email": "grace@example.com", "password": "correct horse battery staple"}
    await problem(await client.post("/api/auth/login", json=body), 503, "unavailable")


async def test_what_was_opened_is_closed_when_it_stops(
    make_client: MakeClient, pg: asyncpg.Connection, settings: Settings
) -> None:
    async def others() -> int:
        count: int = await pg.fetchval(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return count

    before, tasks = await others(), asyncio.all_tasks()
    client = await make_client()
    assert (await client.get("/api/healthchecker")).status == 200
    assert await others() > before

    await client.close()

    async with asyncio.timeout(PATIENCE):
        while await others() > before or asyncio.all_tasks() - tasks:
            await asyncio.sleep(0.01)  # PostgreSQL does not tell when a backend has ended


def is_collected(thing: object) -> bool:
    """Return whether a collection looks at it, which none does at what is frozen."""
    return any(seen is thing for seen in gc.get_objects())


async def test_a_process_that_serves_is_seldom_looked_through_for_garbage() -> None:
    thresholds = gc.get_threshold()
    made_at_start: list[object] = []
    assert is_collected(made_at_start)
    try:
        await freeze_garbage(web.Application())
        assert not is_collected(made_at_start)
        assert gc.get_threshold() == (COLLECT_AFTER, *thresholds[1:])
        assert gc.isenabled(), "cycles are still found"
    finally:
        gc.set_threshold(*thresholds)
