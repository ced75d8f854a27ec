"""The resources of CardDAV, as clients see them."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.conftest import Client, MakeClient, Person, problem
from tests.contacts.dav.support import (
    CARD,
    CS,
    D,
    Phone,
    condition,
    multiget,
    phone_of,
    vcard,
)

CONTACTS = "/api/contacts/"


@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "POST", "PUT", "PROPFIND", "OPTIONS", "REPORT", "MKCOL", "DELETE"]
)
async def test_where_carddav_begins_is_told_to_everybody(client: Client, method: str) -> None:
    for path in ("/.well-known/carddav", "/.well-known/carddav/"):
        found = await client.request(method, path, allow_redirects=False)

        assert (found.status, found.headers["Location"]) == (301, "/dav/")


async def test_from_the_host_to_the_cards(grace: Person, phone: Phone) -> None:
    """As every client finds its way (RFC 6764, 6)."""
    contact = await grace.add_contact(uid="ada")

    found = await phone.request("PROPFIND", "/.well-known/carddav", "<x/>", Depth="0")
    assert (found.status, found.headers["Location"]) == (301, "/dav/")
    root = await phone.one("/dav/", "d:current-user-principal")
    [principal] = root.hrefs(f"{D}current-user-principal")
    assert principal == "/dav/principals/1/"
    [home] = (await phone.one(principal, "card:addressbook-home-set")).hrefs(
        f"{CARD}addressbook-home-set"
    )
    assert home == "/dav/addressbooks/1/"
    inside = await phone.propfind(home, "d:resourcetype", "d:displayname", depth="1")
    assert [*inside] == [home, phone.book]
    types = [each.tag for each in inside[phone.book].found[f"{D}resourcetype"]]
    assert types == [f"{D}collection", f"{CARD}addressbook"]
    cards = await phone.propfind(phone.book, "d:getetag", "cs:getctag", depth="1")
    href = phone.card("ada")
    assert [*cards] == [phone.book, href]
    assert cards[phone.book].text(f"{CS}getctag")
    read = await phone.report(multiget(href))
    assert read[href].text(f"{D}getetag") == cards[href].text(f"{D}getetag")
    assert f"UID:{contact['uid']}\r\n" in read[href].text(f"{CARD}address-data")


async def test_a_card_is_a_contact_and_a_contact_is_a_card(grace: Person, phone: Phone) -> None:
    created = await phone.put("ada", vcard("ada", "Ada Lovelace", "EMAIL:ada@example.com"))
    assert (created.status, await created.read()) == (201, b"")
    [contact] = (await (await grace.get(CONTACTS)).json())["items"]
    assert (contact["uid"], contact["email"]) == ("ada", "ada@example.com")

    path = f"{CONTACTS}{contact['id']}"
    assert (await grace.patch(path, json={"email": "new@example.com"})).status == 200
    read = await phone.request("GET", phone.card("ada"))
    assert "EMAIL:new@example.com" in await read.text()
    assert read.headers["ETag"] != created.headers["ETag"]
    changed = await phone.put("ada", vcard("ada", "Augusta King"))
    assert changed.status == 204
    assert (await (await grace.get(path)).json())["display_name"] == "Augusta King"
    deleted = await phone.request("DELETE", phone.card("ada"))
    assert (deleted.status, await deleted.read()) == (204, b"")
    await problem(await grace.get(path), 404, "not_found")
    await problem(await phone.request("GET", phone.card("ada")), 404, "not_found")
    await problem(await phone.request("DELETE", phone.card("ada")), 404, "not_found")
    assert len((await (await grace.get(f"{CONTACTS}trash")).json())["items"]) == 1


async def test_what_was_sent_is_given_back(phone: Phone) -> None:
    """Then alone its ETag is told, so that the client need not read it (RFC 6352, 6.3.2.3)."""
    sent = vcard("ada", "Ada Lovelace", "X-ANYTHING;X=1:kept")
    etag = (await phone.put("ada", sent)).headers["ETag"]

    read = await phone.request("GET", phone.card("ada"))

    assert (await read.read(), read.headers["ETag"]) == (sent, etag)
    assert read.headers["Content-Type"] == "text/vcard; charset=utf-8"
    assert read.headers["Cache-Control"] == "private, no-cache"
    found = await phone.report(multiget(phone.card("ada")))
    assert found[phone.card("ada")].text(f"{CARD}address-data") == sent.decode()


async def test_what_had_to_be_repaired_has_no_etag_in_the_answer(phone: Phone) -> None:
    repaired = await phone.put("ada", b"BEGIN:VCARD\nFN:Ada\nEMAIL:ada@example.com\n")

    assert repaired.status == 201
    assert "ETag" not in repaired.headers
    assert "VERSION:3.0\r\n" in await (await phone.request("GET", phone.card("ada"))).text()


@pytest.mark.parametrize(
    ("accept", "version"),
    [
        (None, "3.0"),
        ("*/*", "3.0"),
        ("text/vcard", "3.0"),
        ("text/vcard;version=4.0", "4.0"),
        ("text/vcard; version=3.0, text/vcard; version=4.0;q=0.9", "3.0"),
        ("text/html", "3.0"),
    ],
)
async def test_the_version_that_is_asked_for(
    grace: Person, phone: Phone, accept: str | None, version: str
) -> None:
    await grace.add_contact(uid="ada")
    headers = {} if accept is None else {"Accept": accept}

    read = await phone.request("GET", phone.card("ada"), **headers)

    assert f"VERSION:{version}\r\n" in await read.text()
    assert read.headers["Vary"] == "Accept"


async def test_a_card_that_is_known_is_not_sent_again(grace: Person, phone: Phone) -> None:
    await grace.add_contact(uid="ada")
    etag = (await phone.request("GET", phone.card("ada"))).headers["ETag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        read = await phone.request("GET", phone.card("ada"), If_None_Match=known)
        assert (read.status, read.headers["ETag"], await read.read()) == (304, etag, b"")
    assert (await phone.request("GET", phone.card("ada"), If_None_Match='"x"')).status == 200
    head = await phone.request("HEAD", phone.card("ada"))
    assert (head.status, head.headers["ETag"], await head.read()) == (200, etag, b"")


async def test_preconditions(phone: Phone) -> None:
    card = vcard("ada")
    await problem(await phone.put("ada", card, If_Match="*"), 412, "precondition_failed")
    first = await phone.put("ada", card, If_None_Match="*")
    assert first.status == 201
    await problem(await phone.put("ada", card, If_None_Match="*"), 412, "precondition_failed")

    etag = first.headers["ETag"]
    other = vcard("ada", "Augusta King")
    for wrong in ('"x"', f"W/{etag}", etag.strip('"'), ""):
        refused = await phone.put("ada", other, If_Match=wrong)
        await problem(refused, 412, "precondition_failed")
        refused = await phone.request("DELETE", phone.card("ada"), If_Match=wrong)
        await problem(refused, 412, "precondition_failed")
    second = await phone.put("ada", other, If_Match=f'"x", {etag}')
    assert second.status == 204
    await problem(await phone.put("ada", card, If_Match=etag), 412, "precondition_failed")
    for last in ("*", second.headers["ETag"]):
        unlike = await phone.request("DELETE", phone.card("ada"), If_None_Match=last)
        await problem(unlike, 412, "precondition_failed")
    gone = await phone.request("DELETE", phone.card("ada"), If_Match=second.headers["ETag"])
    assert gone.status == 204


async def test_of_many_writers_one_wins(phone: Phone) -> None:
    etag = (await phone.put("ada", vcard("ada"))).headers["ETag"]
    cards = [vcard("ada", f"Ada N{number}") for number in range(20)]

    answers = await asyncio.gather(*(phone.put("ada", card, If_Match=etag) for card in cards))

    assert sorted(each.status for each in answers) == [204] + [412] * 19


async def test_the_etag_of_a_name_is_never_that_of_another_card(phone: Phone) -> None:
    seen = set()
    for _ in range(3):
        seen.add((await phone.put("ada", vcard("ada"))).headers["ETag"])
        assert (await phone.request("DELETE", phone.card("ada"))).status == 204
    assert len(seen) == 3


async def test_another_card_with_the_same_uid(phone: Phone) -> None:
    assert (await phone.put("ada", vcard("same"))).status == 201

    found = await condition(await phone.put("other", vcard("same")), 409)

    assert found.tag == f"{CARD}no-uid-conflict"
    assert [each.text for each in found] == [phone.card("ada")]


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", "text/calendar"])
async def test_what_is_announced_as_something_else(phone: Phone, media_type: str) -> None:
    refused = await phone.put("ada", vcard("ada"), Content_Type=media_type)

    assert (await condition(refused, 415)).tag == f"{CARD}supported-address-data"


@pytest.mark.parametrize(
    "media_type", ["text/vcard; charset=utf-8", "text/x-vcard", "text/directory", "TEXT/VCARD"]
)
async def test_what_cards_are_announced_as(phone: Phone, media_type: str) -> None:
    assert (await phone.put("ada", vcard("ada"), Content_Type=media_type)).status == 201


@pytest.mark.parametrize(
    "body", [b"", b"no card", vcard("a") + vcard("b"), b"\x00\xff", b"BEGIN:VCALENDAR\r\n"]
)
async def test_what_is_not_one_card(phone: Phone, body: bytes) -> None:
    found = await condition(await phone.put("ada", body), 403)

    assert found.tag == f"{CARD}valid-address-data"


async def test_a_large_card_and_one_that_is_too_large(phone: Phone) -> None:
    assert (await phone.put("ada", vcard("ada", "Ada", f"X-A:{'x' * 2 * 1024**2}"))).status == 201
    too_large = vcard("ada", "Ada", f"X-A:{'x' * 8 * 1024**2}")

    found = await condition(await phone.put("ada", too_large), 413)

    assert found.tag == f"{CARD}max-resource-size"


async def test_a_card_that_does_not_tell_its_length(phone: Phone) -> None:
    async def pieces(count: int) -> AsyncIterator[bytes]:
        yield vcard("ada")[:-12]
        for _ in range(count):
            yield b"X-A:" + b"x" * 60_000 + b"\r\n"
        yield b"END:VCARD\r\n"

    for count, status in ((1, 201), (200, 413)):
        sent = await phone.client.put(
            phone.card("ada"),
            data=pieces(count),
            headers=phone.credentials | {"Content-Type": "text/vcard"},
        )
        assert sent.status == status, await sent.text()


@pytest.mark.parametrize(
    "name", ["a b", "a%40b", "%D2%90", "a%2525", "..a", "a.b", "%7Bguid%7D", "a" * 200]
)
async def test_names_that_clients_choose(phone: Phone, name: str) -> None:
    assert (await phone.put(name, vcard("uid"))).status == 201

    [_, href] = await phone.propfind(phone.book, "d:getetag", depth="1")
    assert (await phone.request("GET", href)).status == 200
    assert [*await phone.report(multiget(href))] == [href]


@pytest.mark.parametrize("name", ["a%2Fb", "a%00b", "a%0Ab", "a" * 201, "a" * 1000])
async def test_names_that_there_cannot_be(phone: Phone, name: str) -> None:
    for method in ("PUT", "GET", "DELETE", "PROPFIND"):
        body = vcard("a") if method == "PUT" else None
        refused = await phone.request(method, phone.card(name), body, Content_Type="text/vcard")
        assert refused.status in (400, 403, 404), await refused.text()


async def test_the_quota(grace: Person, phone: Phone, make_client: MakeClient) -> None:
    small = Phone(await make_client(max_contacts=1), phone.credentials)
    assert (await small.put("a", vcard("a"))).status == 201

    found = await condition(await small.put("b", vcard("b")), 507)

    assert found.tag == f"{D}quota-not-exceeded"
    assert (await small.put("a", vcard("a", "New Name"))).status == 204


async def test_a_read_only_app_password(grace: Person, pg: asyncpg.Connection) -> None:
    reader = await phone_of(grace, pg, scope="read")
    await grace.add_contact(uid="ada")

    assert len(await reader.propfind(reader.book, "d:getetag", depth="1")) == 2
    assert (await reader.request("GET", reader.card("ada"))).status == 200
    assert len(await reader.report(multiget(reader.card("ada")))) == 1
    for method, path in (
        ("PUT", reader.card("ada")),
        ("DELETE", reader.card("ada")),
        ("PROPPATCH", reader.book),
        ("PROPPATCH", reader.home),
    ):
        await problem(await reader.request(method, path, b"no XML"), 403, "forbidden")
    assert (await reader.request("GET", reader.card("ada"))).status == 200


async def test_groups_are_listed_and_synced_with_the_rest(phone: Phone) -> None:
    group = vcard("g", "Friends", "X-ADDRESSBOOKSERVER-KIND:group")
    assert (await phone.put("g", group)).status == 201
    assert (await phone.put("ada", vcard("ada"))).status == 201
    hrefs = {phone.card("g"), phone.card("ada")}

    assert (await phone.propfind(phone.book, "d:getetag", depth="1")).keys() == hrefs | {phone.book}
    found, token = await phone.sync()
    assert found.keys() == hrefs
    read = await phone.report(multiget(*hrefs))
    assert read[phone.card("g")].text(f"{CARD}address-data") == group.decode()
    assert (await phone.request("DELETE", phone.card("g"))).status == 204
    assert (await phone.sync(token))[0][phone.card("g")].status == 404
