"""A client in the middle of a listing goes on after an update: cursors stay what they were."""

import asyncpg
import pytest

from tests.conftest import MakePerson, Person, pointers
from tests.mail.support import ask

GOLDEN = {
    "/api/contacts/?limit=1&sort=created_at": (
        "fKQsliXQdcLfkBQb8OXcIVsiMjAyNi0wMS0zMVQxMjowMDowMC41MDAwMDArMDA6MDAiLDFd"
    ),
    "/api/admin/users?limit=1": "s7hvSEA22fMXAlm26H3nolsxXQ",
    "/api/admin/users?limit=1&q=example&role=user": "B6L3FbiSwntwuVfWWPuvd1syXQ",
    "/api/admin/audit?limit=1": "yUOiPclmi3bFUTiD4lQO01s3XQ",
    "/api/admin/outbox?limit=1&status=sent": "X5vUIruBiouSnlR5NYCXa1szXQ",
}
"""The next_cursor that version 0.1.0 gave with the first page of each listing."""


GOLDEN_BY_NAME = {
    "/api/contacts/?limit=1": "ViZzrk-s5sZiuGMjb8qP_FsiIiwiYWRhIiwxXQ",
    "/api/contacts/?limit=1&sort=-first_name&q=a&email=example": (
        "MXC_8gHhzgYX1I2WLsHLEFsiZ3JhY2UiLCIiLDNd"
    ),
}
"""That version's cursors of an order which there is no more."""


@pytest.fixture
async def reader(grace: Person, make_person: MakePerson, pg: asyncpg.Connection) -> Person:
    """An administrator with three rows in every listing, always the same."""
    for email in ("ada@example.com", "bob@example.com"):
        await make_person(email)
    await pg.execute("UPDATE users SET role = 'admin' WHERE id = 1")
    for _ in range(4):
        await grace.sign_in()
    for name in ("Ada", "Alan", "Grace"):
        await grace.add_contact(first_name=name, email=f"{name}@example.com")
    await pg.execute("UPDATE contacts SET created_at = '2026-01-31T12:00:00.5Z'")
    for _ in range(3):
        await ask(pg, "registration", grace.email)
    await pg.execute("UPDATE outbox SET status = 'sent'")
    return grace


async def test_cursors_are_those_of_the_release_before(reader: Person) -> None:
    for path, cursor in GOLDEN.items():
        first = await (await reader.get(path)).json()
        assert first["next_cursor"] == cursor, path
        response = await reader.get(f"{path}&cursor={cursor}")
        assert response.status == 200, await response.text()
        second = await response.json()
        assert len(second["items"]) == 1
        assert second["items"] != first["items"]


async def test_a_place_in_the_earlier_order_of_names_is_refused(reader: Person) -> None:
    for path, cursor in GOLDEN_BY_NAME.items():
        assert await pointers(await reader.get(f"{path}&cursor={cursor}")) == {"/cursor"}


@pytest.mark.parametrize(("path", "name"), [("outbox", "kind"), ("audit", "event")])
async def test_rows_of_a_later_release_are_listed(
    reader: Person, pg: asyncpg.Connection, path: str, name: str
) -> None:
    """It runs beside this one during an update, and before it where somebody has gone back."""
    await ask(pg, "of_tomorrow", reader.email)
    await pg.execute(
        "INSERT INTO audit_events (at, event, ip, request_id, data)"
        " VALUES (now(), 'of_tomorrow', '', '', '{}')"
    )

    listed = await reader.get(f"/api/admin/{path}")

    assert listed.status == 200, await listed.text()
    assert "of_tomorrow" in [item[name] for item in (await listed.json())["items"]]
