"""What real programs have asked is answered as it was when they got along with the service.

``make clients`` lets the programs themselves run, and writes the conversations down.
"""

from pathlib import Path

import asyncpg
import pytest

from tests.clients.conversation import read
from tests.conftest import Client, Person
from tests.support.app_passwords import add_app_password, basic
from tests.support.replay import Replay

FOLDER = Path(__file__).parents[1] / "clients" / "conversations"
CONVERSATIONS = {file.stem: file.read_bytes().decode() for file in sorted(FOLDER.glob("*.txt"))}


@pytest.mark.parametrize("name", CONVERSATIONS)
async def test_a_conversation_goes_as_it_went(
    name: str, client: Client, grace: Person, pg: asyncpg.Connection
) -> None:
    user_id = await pg.fetchval("SELECT id FROM users WHERE email = $1", grace.email)
    password = await add_app_password(pg, user_id)
    replay = Replay(
        client,
        {
            "Basic": basic(grace.email, password)["Authorization"],
            "Bearer": grace.headers["Authorization"],
        },
    )

    for exchange in read(CONVERSATIONS[name]):
        await replay.say(exchange)
