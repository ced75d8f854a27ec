"""A program brings an address book along, one card after the other."""

import pytest

from tests.clients.conftest import connect
from tests.clients.home import Home
from tests.clients.vdirsyncer import Vdirsyncer

pytestmark = [pytest.mark.client, pytest.mark.process]

COUNT = 500


@pytest.mark.parametrize("program", ["vdirsyncer"], indirect=True)
async def test_every_card_of_a_full_folder_arrives(home: Home, program: Vdirsyncer) -> None:
    """No limit of requests stops it, which would stop a telephone as well."""
    await connect(program, home)
    program.put_beside(
        {
            f"new-{number}": "BEGIN:VCARD\r\nVERSION:3.0\r\n"
            f"UID:new-{number}\r\nFN:Person {number}\r\nN:{number};Person;;;\r\nEND:VCARD\r\n"
            for number in range(COUNT)
        }
    )

    await program.sync()

    assert set(await home.contacts()) == {f"new-{number}" for number in range(COUNT)}
    await program.sync()
    assert len(home.recorder.changes()) == COUNT
