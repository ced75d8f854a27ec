"""Photos, tags and groups go both ways by a program that keeps whole cards."""

from base64 import b64decode, b64encode

import pytest

from tests.clients.conftest import connect
from tests.clients.home import Home
from tests.clients.program import card_of
from tests.clients.vdirsyncer import Vdirsyncer
from tests.support.pictures import colour_at, flag

pytestmark = [pytest.mark.client, pytest.mark.process]

CARD = """BEGIN:VCARD
VERSION:3.0
UID:{uid}
FN:{name}
N:;{name};;;
{lines}
END:VCARD
"""
GROUP = """X-ADDRESSBOOKSERVER-KIND:group
X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:ada-1815"""


def card(uid: str, name: str, lines: str) -> str:
    return CARD.format(uid=uid, name=name, lines=lines).replace("\n", "\r\n")


@pytest.mark.parametrize("program", ["vdirsyncer"], indirect=True)
@pytest.mark.conversation("photos_and_tags")
async def test_photos_tags_and_groups_go_both_ways(home: Home, program: Vdirsyncer) -> None:
    await home.add(uid="ada-1815", first_name="Ada", tags=["friends"])
    await home.add_photo("ada-1815")
    await connect(program, home)
    given = await card_of(program, "ada-1815")
    assert given is not None
    assert "CATEGORIES:friends" in given.splitlines()
    [photo] = [line for line in given.splitlines() if line.startswith("PHOTO")]
    assert colour_at(b64decode(photo.rpartition(":")[2]), 0.5, 0.1) == "red"

    sent = b64encode(flag()).decode()
    lines = f"CATEGORIES:friends,work\nPHOTO;ENCODING=b;TYPE=PNG:{sent}"
    await program.add("bob-7", card("bob-7", "Bob", lines))
    bob = (await home.contacts())["bob-7"]
    assert bob["tags"] == ["friends", "work"]
    assert bob["photo_url"] is not None

    await program.add("readers-1", card("readers-1", "Readers", GROUP))
    contacts = await home.contacts()
    assert set(contacts) == {"ada-1815", "bob-7"}  # a group is no contact
    assert contacts["ada-1815"]["tags"] == ["friends", "Readers"]
    await program.sync()
    given = await card_of(program, "ada-1815")
    assert given is not None
    assert "CATEGORIES:friends,Readers" in given.splitlines()

    await home.change("bob-7", tags=["work"])
    await program.sync()
    given = await card_of(program, "bob-7")
    assert given is not None
    assert "CATEGORIES:work" in given.splitlines()
    assert "PHOTO" in given
    await program.delete("readers-1")
    assert (await home.contacts())["ada-1815"]["tags"] == ["friends"]
    assert [each.method for each in home.recorder.changes()] == ["PUT", "PUT", "DELETE"]
