"""The same contact is changed on both sides before they have heard of one another."""

import pytest

from tests.clients.conftest import connect
from tests.clients.evolution import EvolutionFailed
from tests.clients.home import Home
from tests.clients.program import Program
from tests.clients.vdirsyncer import SyncFailed
from tests.clients.waiting import has

pytestmark = [pytest.mark.client, pytest.mark.process]

NEITHER_KNOWS = {"uid": "ada-1815", "first_name": "Ada", "last_name": "Lovelace", "notes": "First"}


@pytest.fixture
async def changed(home: Home, program: Program) -> None:
    """A contact that has become another in the service after the program has fetched it."""
    await home.add(**NEITHER_KNOWS)
    await connect(program, home)
    await has(program, "ada-1815", "Lovelace")
    await home.change("ada-1815", notes="Of the service")


@pytest.mark.usefixtures("changed")
@pytest.mark.conversation("conflict")
@pytest.mark.parametrize("program", ["thunderbird"], indirect=True)
async def test_what_thunderbird_overwrites_is_found_again(home: Home, program: Program) -> None:
    """It never sends If-Match."""
    await program.change("ada-1815", "First", "Of Thunderbird")

    assert (await home.contacts())["ada-1815"]["notes"] == "Of Thunderbird"
    assert [each["notes"] for each in await home.versions("ada-1815")] == [
        "Of the service",
        "First",
    ]
    await has(program, "ada-1815", "Of Thunderbird")


@pytest.mark.usefixtures("changed")
@pytest.mark.conversation("conflict")
@pytest.mark.parametrize("program", ["evolution"], indirect=True)
async def test_evolution_keeps_what_the_service_has(home: Home, program: Program) -> None:
    """It sends If-Match, and tells its user."""
    with pytest.raises(EvolutionFailed, match="out of sync"):
        await program.change("ada-1815", "First", "Of Evolution")

    assert (await home.contacts())["ada-1815"]["notes"] == "Of the service"
    await has(program, "ada-1815", "Of the service")
    await program.change("ada-1815", "Of the service", "Of Evolution")
    assert (await home.contacts())["ada-1815"]["notes"] == "Of Evolution"


@pytest.mark.usefixtures("changed")
@pytest.mark.conversation("conflict")
@pytest.mark.parametrize("program", ["vdirsyncer"], indirect=True)
async def test_vdirsyncer_asks_who_is_right(home: Home, program: Program) -> None:
    """Unless its configuration says who is, it leaves both as they are."""
    with pytest.raises(SyncFailed, match="conflict"):
        await program.change("ada-1815", "First", "Of the folder")

    assert (await home.contacts())["ada-1815"]["notes"] == "Of the service"
    assert home.recorder.changes() == []
