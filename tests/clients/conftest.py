"""The service and the programs."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from tests.clients.conversation import written
from tests.clients.evolution import evolution
from tests.clients.home import EMAIL, Home, running
from tests.clients.program import Program, Start
from tests.clients.thunderbird import thunderbird
from tests.clients.vdirsyncer import vdirsyncer

PROGRAMS: Final[dict[str, Start]] = {
    "thunderbird": thunderbird,
    "evolution": evolution,
    "vdirsyncer": vdirsyncer,
}

CONVERSATIONS: Final = Path(__file__).with_name("conversations")


@pytest.fixture
async def home(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Home]:
    """A running service; what is said to it is kept, where RECORD_CONVERSATIONS is set.

    A test that is marked ``conversation`` says as what.
    """
    async with running(_folder(tmp_path, "service")) as home:
        yield home
        mark = request.node.get_closest_marker("conversation")
        if mark and "RECORD_CONVERSATIONS" in os.environ:
            name = f"{request.node.callspec.params['program']}_{mark.args[0]}.txt"
            (CONVERSATIONS / name).write_text(written(home.recorder.exchanges), newline="")


@pytest.fixture(params=PROGRAMS)
async def program(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Program]:
    """A program that knows nothing of the service yet."""
    async with PROGRAMS[request.param](_folder(tmp_path, "program")) as program:
        yield program


def _folder(parent: Path, name: str) -> Path:
    """Make a folder of which others see nothing, as session buses and vaults want it."""
    folder = parent / name
    folder.mkdir(mode=0o700)
    return folder


async def connect(program: Program, home: Home) -> None:
    """Set the program up as its user would: with the URL, the e-mail and an app password."""
    await program.set_up(f"{home.url}/", EMAIL, home.password)
