"""An address book that no program fetches in one go."""

import pytest

from tests.clients.conftest import connect
from tests.clients.home import Home
from tests.clients.program import Program
from tests.clients.waiting import has

pytestmark = [pytest.mark.client, pytest.mark.process]

COUNT = 1200
LAST = f"many-{COUNT - 1}"


async def test_every_contact_arrives_once(home: Home, program: Program) -> None:
    cards = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:many-{number}\r\nFN:Person {number}\r\nEND:VCARD\r\n"
        for number in range(COUNT)
    )
    await home.ask(
        "POST", "/api/contacts/import", data=cards, headers={"Content-Type": "text/vcard"}
    )

    await connect(program, home)
    await has(program, LAST)

    uids = sorted(
        line for card in await program.cards() for line in card.split() if line.startswith("UID:")
    )
    assert uids == sorted(f"UID:many-{number}" for number in range(COUNT))
    await home.change(LAST, nickname="Last of all")
    await has(program, LAST, "Last of all")
    assert home.recorder.changes() == []
