"""An app password that may only read."""

import pytest

from tests.clients.conftest import connect
from tests.clients.evolution import EvolutionFailed
from tests.clients.home import Home
from tests.clients.program import Program
from tests.clients.thunderbird import Thunderbird
from tests.clients.vdirsyncer import SyncFailed
from tests.clients.waiting import has

pytestmark = [pytest.mark.client, pytest.mark.process]


@pytest.fixture
async def reader(home: Home, program: Program) -> Program:
    """A program that may only read, and has the one contact."""
    home.password = await home.app_password("read")
    await home.add(uid="ada-1815", first_name="Ada", last_name="Lovelace")
    await connect(program, home)
    await has(program, "ada-1815", "Lovelace")
    return program


@pytest.mark.parametrize("program", ["thunderbird"], indirect=True)
async def test_thunderbird_makes_the_address_book_read_only(reader: Program) -> None:
    assert isinstance(reader, Thunderbird)
    assert await reader.is_read_only()


@pytest.mark.parametrize("program", ["evolution", "vdirsyncer"], indirect=True)
async def test_what_is_changed_there_changes_nothing_here(home: Home, reader: Program) -> None:
    with pytest.raises((EvolutionFailed, SyncFailed)):
        await reader.change("ada-1815", "Lovelace", "King")

    assert (await home.contacts())["ada-1815"]["last_name"] == "Lovelace"
