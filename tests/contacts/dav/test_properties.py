"""The properties that clients ask for, of each resource."""

import asyncpg
import pytest

from tests.conftest import Person
from tests.contacts.dav.support import CARD, CS, D, Phone, phone_of

PLACES = ["/dav/", "/dav/principals/1/", "/dav/addressbooks/1/", "/dav/addressbooks/1/1/"]


async def test_all_lead_to_the_user(grace: Person, phone: Phone) -> None:
    await grace.add_contact(uid="ada")
    for path in (*PLACES, phone.card("ada")):
        found = await phone.one(path, "d:current-user-principal", "d:principal-collection-set")

        assert found.href == path
        assert found.hrefs(f"{D}current-user-principal") == ["/dav/principals/1/"]
        assert found.hrefs(f"{D}principal-collection-set") == ["/dav/"]


async def test_the_user(phone: Phone) -> None:
    names = ("d:resourcetype", "d:displayname", "d:principal-URL", "card:addressbook-home-set")
    found = await phone.one("/dav/principals/1/", *names, "d:group-membership")

    assert [each.tag for each in found.found[f"{D}resourcetype"]] == [f"{D}principal"]
    assert found.text(f"{D}displayname") == "Grace Hopper"
    assert found.hrefs(f"{D}principal-URL") == ["/dav/principals/1/"]
    assert found.hrefs(f"{CARD}addressbook-home-set") == ["/dav/addressbooks/1/"]
    assert not found.missing


async def test_a_user_without_a_name_is_called_by_the_email(
    phone: Phone, pg: asyncpg.Connection
) -> None:
    await pg.execute("UPDATE users SET name = '', version = version + 1")

    found = await phone.one("/dav/principals/1/", "d:displayname")

    assert found.text(f"{D}displayname") == "grace@example.com"


async def test_the_book(grace: Person, phone: Phone) -> None:
    """What DAVx5, iOS, macOS, Evolution and Thunderbird ask for."""
    names = (
        *("d:displayname", "d:sync-token", "d:owner", "d:supported-report-set", "cs:getctag"),
        *("card:supported-address-data", "card:max-resource-size", "card:max-image-size"),
        "card:supported-collation-set",
    )
    found = await phone.one(phone.book, *names, "card:addressbook-description", "d:getetag")

    assert found.text(f"{D}displayname") == "Contacts"
    assert found.hrefs(f"{D}owner") == ["/dav/principals/1/"]
    reports = [each[0].tag for each in found.found[f"{D}supported-report-set"].iter(f"{D}report")]
    assert reports == [
        f"{CARD}addressbook-multiget",
        f"{CARD}addressbook-query",
        f"{D}sync-collection",
    ]
    types = [dict(each.attrib) for each in found.found[f"{CARD}supported-address-data"]]
    assert types == [
        {"content-type": "text/vcard", "version": version} for version in ("3.0", "4.0")
    ]
    assert int(found.text(f"{CARD}max-resource-size")) == 8 * 1024**2
    assert int(found.text(f"{CARD}max-image-size")) == 5 * 1024**2
    assert len(found.found[f"{CARD}supported-collation-set"]) == 3
    assert found.missing == {f"{CARD}addressbook-description": 404, f"{D}getetag": 404}


async def test_ctag_and_token_change_with_the_cards_alone(grace: Person, phone: Phone) -> None:
    names = ("cs:getctag", "d:sync-token")

    async def state() -> list[str | None]:
        return [each.text for each in (await phone.one(phone.book, *names)).found.values()]

    before = await state()
    assert await state() == before
    contact = await grace.add_contact()
    added = await state()
    assert not set(added) & set(before)
    assert (await grace.delete(f"/api/contacts/{contact['id']}")).status == 204
    assert not set(await state()) & set(added)


async def test_a_card(grace: Person, phone: Phone) -> None:
    await grace.add_contact(uid="ada")
    names = ("d:getetag", "d:getcontenttype", "d:getlastmodified", "d:getcontentlength")
    found = await phone.one(phone.card("ada"), *names, "d:resourcetype", "d:displayname")
    read = await phone.request("GET", phone.card("ada"))

    assert found.text(f"{D}getetag") == read.headers["ETag"]
    assert found.text(f"{D}getcontenttype") == read.headers["Content-Type"]
    assert found.text(f"{D}getlastmodified") == read.headers["Last-Modified"]
    assert found.text(f"{D}getcontentlength") == read.headers["Content-Length"]
    assert len(found.found[f"{D}resourcetype"]) == 0
    assert found.missing == {f"{D}displayname": 404}


@pytest.mark.parametrize(
    ("scope", "book", "home"),
    [
        ("write", {"write", "write-properties", "write-content", "bind", "unbind"},
         {"write-properties"}),
        ("read", set(), set()),
    ],
)  # fmt: skip
async def test_privileges_are_those_of_the_app_password(
    grace: Person, pg: asyncpg.Connection, scope: str, book: set[str], home: set[str]
) -> None:
    phone = await phone_of(grace, pg, scope)

    async def privileges(path: str) -> set[str]:
        found = await phone.one(path, "d:current-user-privilege-set")
        each = found.found[f"{D}current-user-privilege-set"].iterfind(f"{D}privilege/*")
        return {one.tag.removeprefix(D) for one in each}

    reading = {"read", "read-current-user-privilege-set"}
    assert await privileges(phone.book) == reading | book
    assert await privileges(phone.home) == reading | home
    assert await privileges("/dav/principals/1/") == reading


async def test_depth_1_tells_what_is_inside(grace: Person, phone: Phone) -> None:
    await grace.add_contact(uid="ada")

    async def inside(path: str) -> list[str]:
        return [*(await phone.propfind(path, "d:resourcetype", depth="1"))]

    assert await inside("/dav/") == ["/dav/"]
    assert await inside("/dav/principals/1/") == ["/dav/principals/1/"]
    assert await inside(phone.home) == [phone.home, phone.book]
    assert await inside(phone.book) == [phone.book, phone.card("ada")]
    assert await inside(phone.card("ada")) == [phone.card("ada")]
    tags = await phone.propfind(phone.book, "d:getetag", "cs:getctag", depth="1")
    assert tags[phone.book].missing == {f"{D}getetag": 404}
    assert tags[phone.card("ada")].missing == {f"{CS}getctag": 404}
