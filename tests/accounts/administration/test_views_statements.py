"""What an administrator's change costs PostgreSQL."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.conftest import MakeClient, MakePerson
from tests.support.accounts import add_account
from tests.support.work import round_trips_of_requests

pytestmark = pytest.mark.own_app


@pytest.fixture
async def sent(make_client: MakeClient) -> AsyncIterator[list[str]]:
    """All that requests send to PostgreSQL."""
    with round_trips_of_requests() as sent:
        yield sent


@pytest.mark.parametrize(
    ("body", "most"),
    [
        # BEGIN, turn, row, UPDATE, event, COMMIT; before them the administrator.
        ({"role": "admin"}, 7),
        # The same, with the sessions read and ended, the app passwords read, of which are none, and
        # the URL of the birthday calendar ended.
        ({"is_active": False}, 11),
        # The same, with two events and a look for another administrator.
        ({"role": "admin", "is_active": False}, 13),
        ({"role": "user", "is_active": True}, 5),
    ],
    ids=["role", "active", "both", "nothing"],
)
async def test_a_change_is_one_transaction(
    sent: list[str],
    make_client: MakeClient,
    make_person: MakePerson,
    pg: asyncpg.Connection,
    body: dict[str, object],
    most: int,
) -> None:
    client = await make_client()
    root = await make_person("root@example.com", client=client, pg=pg)
    await pg.execute("UPDATE users SET role = 'admin'")
    await root.sign_in()
    user_id = await add_account(pg, "grace@example.com")
    path = f"/api/admin/users/{user_id}"
    assert (await root.get(path)).status == 200
    sent.clear()

    assert (await root.patch(path, json=body)).status == 200

    assert len(sent) <= most, "\n".join(each[:60] for each in sent)
    assert not [each for each in sent if "SAVEPOINT" in each]
    assert [each for each in sent if each in ("BEGIN;", "COMMIT;")] == ["BEGIN;", "COMMIT;"]
