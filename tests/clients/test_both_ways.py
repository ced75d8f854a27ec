"""Contacts go both ways, and nothing is lost or sent twice."""

import pytest

from tests.clients.conftest import connect
from tests.clients.home import Home
from tests.clients.program import Program
from tests.clients.waiting import has, lacks

pytestmark = [pytest.mark.client, pytest.mark.process]

ADA = {
    "uid": "ada-1815",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "middle_name": "Augusta",
    "prefix": "Countess",
    "nickname": "Enchantress",
    "organization": "Analytical Engines",
    "department": "Programs",
    "title": "Analyst",
    "emails": [
        {"value": "ada@example.com", "type": "work"},
        {"value": "ada@example.org", "type": "home"},
    ],
    "phones": [{"value": "+44 20 7946 0958", "type": "mobile"}],
    "addresses": [
        {
            "street": "12 St James's Square",
            "city": "London",
            "postal_code": "SW1Y 4LB",
            "country": "United Kingdom",
            "type": "home",
        }
    ],
    "urls": [{"value": "https://example.com/ada", "type": "home"}],
    "dates": [{"value": "1835-07-08", "label": "Anniversary"}],
    "relations": [{"value": "Charles Babbage", "label": "friend"}],
    "custom": [{"label": "Engine", "value": "Analytical"}],
    "birthday": "1815-12-10",
    "notes": "First line\nand a second; with, marks\\",
    "tags": ["friends", "mathematics"],
    "favorite": True,
}

BOB = """BEGIN:VCARD
VERSION:3.0
UID:bob-7
FN:Bob Builder
N:Builder;Bob;;;
EMAIL;TYPE=WORK:bob@example.com
TEL;TYPE=CELL:+4930123456
NOTE:Added in the program
X-EXAMPLE-COLOUR:blue
END:VCARD
""".replace("\n", "\r\n")

CHANGING = {"last_name", "display_name", "updated_at"}
"""Fields of Ada's that follow when her last name is changed."""


@pytest.mark.conversation("both_ways")
async def test_contacts_go_both_ways(home: Home, program: Program) -> None:
    await home.add(**ADA)
    await home.add_photo("ada-1815")
    await home.add(uid="eve-3", first_name="Eve")
    before = (await home.contacts())["ada-1815"]

    await connect(program, home)
    card = await has(program, "ada-1815", "Ada", "Lovelace", "ada@example.com")
    assert "London" in card

    await program.add("bob-7", BOB)
    bob = (await home.contacts())["bob-7"]
    assert bob["display_name"] == "Bob Builder"
    assert bob["email"] == "bob@example.com"
    assert bob["phone"] == "+4930123456"
    assert bob["notes"] == "Added in the program"

    await program.change("ada-1815", "Lovelace", "King")
    after = (await home.contacts())["ada-1815"]
    assert after["last_name"] == "King"
    assert _without(after, CHANGING) == _without(before, CHANGING)

    await home.change("bob-7", nickname="Digger")
    card = await has(program, "bob-7", "Digger")
    assert "X-EXAMPLE-COLOUR:blue" in card

    await program.delete("bob-7")
    assert set(await home.contacts()) == {"ada-1815", "eve-3"}
    assert await home.trash() == ["bob-7"]

    await home.delete("ada-1815")
    await lacks(program, "ada-1815")

    said = len(home.recorder.exchanges)
    await program.sync()
    await home.recorder.said_more_than(said)
    await has(program, "eve-3", "Eve")
    assert [each.method for each in home.recorder.changes()] == ["PUT", "PUT", "DELETE"]


def _without(contact: dict[str, object], names: set[str]) -> dict[str, object]:
    return {name: value for name, value in contact.items() if name not in names}
