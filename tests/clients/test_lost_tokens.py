"""A program has not synced for so long that the service has forgotten what it knows."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.clients.conftest import connect
from tests.clients.home import Home
from tests.clients.thunderbird import Thunderbird, thunderbird
from tests.clients.waiting import has, lacks

pytestmark = [pytest.mark.client, pytest.mark.process]


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Thunderbird]:
    """The only one of the programs that knows sync tokens."""
    async with thunderbird(tmp_path) as program:
        yield program


async def test_thunderbird_begins_anew(home: Home, program: Thunderbird) -> None:
    for uid in ("ada-1815", "bob-7", "eve-3"):
        await home.add(uid=uid, first_name=uid)
    await connect(program, home)
    await has(program, "eve-3")

    await program.lose_token()
    await home.change("ada-1815", nickname="Enchantress")
    await home.delete("bob-7")
    await home.add(uid="zoe-9", first_name="Zoe")

    await has(program, "zoe-9", "Zoe")
    await has(program, "ada-1815", "Enchantress")
    await lacks(program, "bob-7")
    assert home.recorder.changes() == []
