"""What clients say, from the first request to a deletion, and what they must be told.

Thunderbird, Evolution and vdirsyncer were recorded with another server; iOS, macOS and DAVx5 are as
their makers and users document them. Each file has requests, and the status of each answer.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.conftest import Person
from tests.contacts.dav.support import CARD, CS, DATA, ETAG, D, Phone, Told, told, vcard

FOLDER = Path(__file__).parent / "conversations"
BIRD, EVO = "5dc99aa8-603d-451d-ab72-bb5ecbbb5f69", "67374aff6d66c7efc9c17db9c9fd6a665944c83f"


class Said(NamedTuple):
    """A request of a conversation, and the status of its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    status: int


class Heard(NamedTuple):
    """What was answered."""

    said: Said
    headers: Mapping[str, str]
    root: Element | None

    @property
    def told(self) -> dict[str, Told]:
        assert self.root is not None
        return told(self.root)


def conversation(name: str) -> list[Said]:
    """Return the requests of a client, in their order."""
    said = []
    for block in re.split(r"(?m)^>>> ", (FOLDER / f"{name}.txt").read_text())[1:]:
        request, _, status = block.rpartition("<<< ")
        head, _, body = request.partition("\n\n")
        first, *lines = head.strip().splitlines()
        method, path = first.split()
        headers = dict(line.split(": ", 1) for line in lines)
        said.append(Said(method, path, headers, body.strip("\n"), int(status)))
    return said


class Replay:
    """A client that says what it has said before, with the tokens and URLs that it is told."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._places = {"root": "/dav/", "principal": "/dav/principals/1/"}
        self._places |= {"home": phone.home, "book": phone.book, "token": "", "etag": ""}

    async def all(self, name: str) -> list[Heard]:
        return [await self.say(said) for said in conversation(name)]

    async def say(self, said: Said) -> Heard:
        headers = {name: self._filled(value) for name, value in said.headers.items()}
        signed_in = headers.pop("Authorization", None) is not None
        body = self._filled(said.body)
        if body.startswith("BEGIN:"):
            body = body.replace("\n", "\r\n") + "\r\n"
        response = await self._phone.client.request(
            said.method,
            self._filled(said.path),
            data=body.encode() or None,
            headers=headers | (self._phone.credentials if signed_in else {}),
            allow_redirects=False,
        )
        text = await response.text()
        assert response.status == said.status, (said, text)
        root = fromstring(text) if response.status == 207 else None
        if root is not None:
            self._remember(root)
        return Heard(said, response.headers, root)

    def _filled(self, text: str) -> str:
        for name, value in self._places.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def _remember(self, root: Element) -> None:
        for token in root.iter(f"{D}sync-token"):
            self._places["token"] = token.text or ""
        if root.find(f".//{DATA}") is not None:  # the card that was read last
            for etag in root.iter(ETAG):
                self._places["etag"] = etag.text or ""


@pytest.fixture
async def replay(grace: Person, phone: Phone) -> Replay:
    """A replay against an address book with one contact, made by REST."""
    await grace.add_contact(uid="u-2", first_name="Second", last_name="Person", phone="+4930555")
    return Replay(phone)


async def names(grace: Person) -> set[str]:
    listed = (await (await grace.get("/api/contacts/")).json())["items"]
    return {each["display_name"] for each in listed}


async def test_thunderbird(grace: Person, phone: Phone, replay: Replay) -> None:
    heard = await replay.all("thunderbird")

    assert heard[0].headers["Location"] == "/dav/"
    challenged = [each for each in heard if each.said.status == 401]
    assert all(each.headers["WWW-Authenticate"].startswith("Basic ") for each in challenged)
    home = next(each for each in heard if each.said.path == "{home}").told
    assert {each.tag for each in home[phone.book].found[f"{D}resourcetype"]} == {
        f"{D}collection",
        f"{CARD}addressbook",
    }
    first, second = (each for each in heard if "{token}" in each.said.body)
    assert [*first.told] == [phone.card(BIRD)]
    assert "bird@mail.example" in first.told[phone.card(BIRD)].text(DATA)
    assert second.told[phone.card("u-2")].status == 404
    assert "bird2@mail.example" in second.told[phone.card(BIRD)].text(DATA)
    # It sends 4.0, and gets what it asks for, which is no version.
    assert "VERSION:3.0\r\n" in second.told[phone.card(BIRD)].text(DATA)
    assert await names(grace) == {"Bird Person"}


async def test_evolution(grace: Person, phone: Phone, replay: Replay) -> None:
    assert (await phone.put(BIRD, vcard(BIRD, "Bird Person", version="4.0"))).status == 201

    heard = await replay.all("evolution")

    for options in (each for each in heard if each.said.method == "OPTIONS"):
        assert "addressbook" in options.headers["DAV"].split(", ")
        assert {"PROPFIND", "REPORT"} <= set(options.headers["Allow"].split(", "))
    ctags = [
        each.told[phone.book].text(f"{CS}getctag")
        for each in heard
        if "getctag" in each.said.body and each.root is not None
    ]
    assert len(set(ctags)) == 1  # nothing has changed, so Evolution reads nothing again
    assert (await phone.one(phone.book, "cs:getctag")).text(f"{CS}getctag") != ctags[0]
    [read] = (each for each in heard if "multiget" in each.said.body)
    assert [*read.told] == [phone.card(BIRD), phone.card("u-2")]
    puts = [each.headers.get("ETag") for each in heard if each.said.method == "PUT"]
    assert None not in puts
    assert await names(grace) == {"Bird Person", "Evo Person"}


async def test_vdirsyncer(grace: Person, phone: Phone, replay: Replay) -> None:
    for uid, name in ((BIRD, "Bird Person"), (EVO, "Evo Person")):
        assert (await phone.put(uid, vcard(uid, name))).status == 201

    heard = await replay.all("vdirsyncer")

    listed = heard[-2].told
    hrefs = {phone.card(name) for name in (BIRD, EVO, "u-2")}
    assert {href for href, each in listed.items() if ETAG in each.found} == hrefs
    assert all(listed[h].text(f"{D}getcontenttype").startswith("text/vcard") for h in hrefs)
    assert heard[-1].told.keys() == {phone.card(BIRD), phone.card(EVO)}


async def test_ios(grace: Person, phone: Phone, replay: Replay) -> None:
    heard = await replay.all("ios")

    assert not any(each.missing for h in heard if h.root is not None for each in h.told.values())
    first, second = (each for each in heard if "sync-collection" in each.said.body)
    assert [*first.told] == [phone.card("u-2")]
    assert [*second.told] == [phone.card("5D7F3C1E-6D1B-4B0C-9F7A-2A8B7E4C1D20")]
    [contact] = (await (await grace.get("/api/contacts/")).json())["items"]
    assert (contact["display_name"], contact["birthday"]) == ("Phone Person", "--02-29")


async def test_macos(grace: Person, phone: Phone, replay: Replay) -> None:
    heard = await replay.all("macos")

    assert heard[-1].told[phone.home].hrefs(f"{CS}me-card") == [phone.card("u-2")]
    [contact] = (await (await grace.get("/api/contacts/")).json())["items"]
    assert contact["tags"] == ["Friends"]


async def test_davx5(grace: Person, phone: Phone, replay: Replay) -> None:
    heard = await replay.all("davx5")

    first, last = (each for each in heard if "sync-collection" in each.said.body)
    assert len(first.told) == 2
    assert last.told == {}
    [read] = (each for each in heard if "multiget" in each.said.body)
    assert all("VERSION:4.0\r\n" in each.text(DATA) for each in read.told.values())
    assert await names(grace) == {"Second Person", "Droid Person"}
