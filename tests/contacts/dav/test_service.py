"""What reports tell of cards."""

import asyncio
from typing import Any
from xml.etree.ElementTree import fromstring

import asyncpg
import pytest
from aiohttp import ClientPayloadError

from contactsvc.contacts.dav import service
from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.platform.errors import Unavailable
from tests.conftest import MakePerson, Person, problem
from tests.contacts.dav.support import (
    CARD,
    D,
    Phone,
    condition,
    multiget,
    phone_of,
    props,
    query,
    sync,
    token_of,
    told,
    vcard,
)
from tests.support.work import statements_of_requests

DATA = f"{CARD}address-data"
ETAG = f"{D}getetag"
WITH_TEXT = props("d:getetag", "card:address-data")
SIZES = pytest.mark.parametrize("size", [1, 2, 3, 100])


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let a test read so many cards at a time."""

    def choose(size: int) -> None:
        for name in ("PAGE", "PAGE_OF_TEXTS", "MOST_NAMES"):
            monkeypatch.setattr(service, name, size)

    return choose


async def add(person: Person, *uids: str) -> list[str]:
    """Add contacts with these uids, and return the URLs of their cards."""
    for uid in uids:
        await person.add_contact(uid=uid, first_name=uid)
    return [f"/dav/addressbooks/1/1/{uid}.vcf" for uid in uids]


async def change(person: Person, uid: str, **fields: Any) -> None:
    listed = (await (await person.get("/api/contacts/")).json())["items"]
    [contact_id] = [each["id"] for each in listed if each["uid"] == uid]
    if fields:
        assert (await person.patch(f"/api/contacts/{contact_id}", json=fields)).status == 200
    else:
        assert (await person.delete(f"/api/contacts/{contact_id}")).status == 204


@SIZES
async def test_multiget_gives_what_there_is(
    grace: Person, phone: Phone, small_pages: Any, size: int
) -> None:
    small_pages(size)
    hrefs = await add(grace, "a", "b", "c")
    missing = [phone.card("x"), "/elsewhere", "https://evil.example.com/dav/addressbooks/1/1/a.vcf"]

    found = await phone.report(multiget(hrefs[2], missing[0], hrefs[0], *missing[1:], hrefs[2]))

    assert found.keys() == {hrefs[0], hrefs[2], *missing}
    assert [found[href].status for href in missing] == [404] * 3
    assert "UID:c\r\n" in found[hrefs[2]].text(DATA)
    assert found[hrefs[0]].text(ETAG) == (await phone.one(hrefs[0], "d:getetag")).text(ETAG)


async def test_multiget_answers_with_the_urls_that_were_sent(grace: Person, phone: Phone) -> None:
    [href] = await add(grace, "a@b")
    spelled = href.replace("@", "%40")

    assert [*await phone.report(multiget(spelled))] == [spelled]
    assert [*await phone.report(multiget(f"https://contacts.example.com{href}"))] == [
        f"https://contacts.example.com{href}"
    ]


async def test_a_card_is_told_once_however_often_it_is_asked_for(
    grace: Person, phone: Phone
) -> None:
    [href] = await add(grace, "a")
    spelled = [href, href.replace("a.vcf", "%61.vcf"), f"https://contacts.example.com{href}"]

    assert [*await phone.report(multiget(*spelled, href))] == [href]


@pytest.mark.parametrize("depth", ["0", "1", "infinity", None])
async def test_reports_do_not_look_at_the_depth(
    grace: Person, phone: Phone, depth: str | None
) -> None:
    [href] = await add(grace, "a")
    headers = {} if depth is None else {"Depth": depth}

    assert [*await phone.report(multiget(href), **headers)] == [href]
    assert [*await phone.report(query(), **headers)] == [href]
    assert [*await phone.report(sync(), **headers)] == [href]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
async def test_the_version_of_a_card_is_the_one_asked_for(
    grace: Person, phone: Phone, version: str
) -> None:
    [href] = await add(grace, "a")
    asked = f'<d:prop><card:address-data version="{version}"/></d:prop>'

    found = await phone.report(multiget(href, asked=asked))
    listed = await phone.report(query(asked=asked))
    changed = await phone.report(sync(asked=asked))

    for each in (found, listed, changed):
        assert f"VERSION:{version}\r\n" in each[href].text(DATA)


async def test_a_part_of_a_card(grace: Person, phone: Phone) -> None:
    await grace.add_contact(uid="a", email="a@example.com", notes="long")
    asked = '<d:prop><card:address-data><card:prop name="EMAIL"/></card:address-data></d:prop>'

    text = (await phone.report(query(asked=asked)))[phone.card("a")].text(DATA)

    assert "a@example.com" in text
    assert "long" not in text


@SIZES
async def test_a_query_without_a_filter_tells_all(
    grace: Person, phone: Phone, small_pages: Any, size: int
) -> None:
    small_pages(size)
    hrefs = await add(grace, "a", "b", "c", "d")

    for empty in ("", "<card:filter/>"):
        assert [*await phone.report(query(empty))] == hrefs
    found = await phone.report(query(asked=WITH_TEXT))
    assert all("BEGIN:VCARD" in found[href].text(DATA) for href in hrefs)


BY_NAME = (
    '<card:filter><card:prop-filter name="FN"><card:text-match>{}</card:text-match>'
    "</card:prop-filter></card:filter>"
)


@SIZES
async def test_a_query_tells_what_its_filter_lets_through(
    grace: Person, phone: Phone, small_pages: Any, size: int
) -> None:
    small_pages(size)
    hrefs = await add(grace, "anna", "bob", "hannah")

    assert [*await phone.report(query(BY_NAME.format("ANN")))] == [hrefs[0], hrefs[2]]
    assert await phone.report(query(BY_NAME.format("x"))) == {}


@SIZES
async def test_a_query_may_be_cut_short(
    grace: Person, phone: Phone, small_pages: Any, size: int
) -> None:
    small_pages(size)
    hrefs = await add(grace, "a", "b", "c")
    limit = "<card:limit><card:nresults>{}</card:nresults></card:limit>"

    cut = await phone.report(query(limit.format(2)))
    assert [*cut] == [*hrefs[:2], phone.book]
    assert cut[phone.book].status == 507
    assert [*await phone.report(query(limit.format(3)))] == hrefs


async def test_queries_wait_for_one_another(
    grace: Person, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has one under way is told to try again: each looks at every card."""
    await add(grace, "a")
    entered, leave = asyncio.Event(), asyncio.Event()
    page = Cards.page

    async def slow(*args: Any, **kwargs: Any) -> Any:
        entered.set()
        await leave.wait()
        return await page(*args, **kwargs)

    monkeypatch.setattr(Cards, "page", slow)
    first = asyncio.create_task(phone.report(query(BY_NAME.format("a"))))
    await entered.wait()
    refused = await phone.request("REPORT", phone.book, query(BY_NAME.format("a")))
    await problem(refused, 503, "unavailable")
    leave.set()
    assert len(await first) == 1


@SIZES
async def test_a_sync_tells_everything_first_and_then_what_has_changed(
    grace: Person, phone: Phone, small_pages: Any, size: int
) -> None:
    small_pages(size)
    hrefs = await add(grace, "a", "b", "c", "d")
    found, token = await phone.sync()
    assert [*found] == hrefs
    assert all(each.text(ETAG) for each in found.values())

    assert await phone.sync(token) == ({}, token)
    await change(grace, "b", notes="new")
    await change(grace, "c")
    [new] = await add(grace, "e")
    found, later = await phone.sync(token, asked=WITH_TEXT)
    assert found.keys() == {hrefs[1], hrefs[2], new}
    assert "NOTE:new" in found[hrefs[1]].text(DATA)
    assert found[hrefs[2]].status == 404
    assert await phone.sync(later) == ({}, later)
    assert (await phone.sync(token))[0].keys() == found.keys()  # an old token is good, too


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
@SIZES
async def test_a_sync_may_be_cut_short_and_goes_on_with_its_token(
    grace: Person, phone: Phone, small_pages: Any, size: int, limit: int
) -> None:
    small_pages(size)
    hrefs = await add(grace, "a", "b", "c", "d")
    _, begin = await phone.sync()
    await change(grace, "a")
    await change(grace, "c", notes="new")
    [new] = await add(grace, "e")
    for since, expected in (("", [hrefs[1], hrefs[3], hrefs[2], new]),
                            (begin, [hrefs[0], hrefs[2], new])):  # fmt: skip
        token, seen = since, []
        while True:
            found, token = await phone.sync(token, limit=limit)
            cut = found.pop(phone.book, None)
            seen += [*found]
            assert len(found) <= limit
            if cut is None:
                break
            assert cut.status == 507
        assert sorted(seen) == sorted(expected)  # none is told twice
        assert token == (await phone.one(phone.book, "d:sync-token")).text(f"{D}sync-token")


async def test_a_sync_ends_however_much_is_changed_meanwhile(
    grace: Person, phone: Phone, small_pages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next one tells what has come in between."""
    small_pages(1)
    await add(grace, "a", "b", "c")
    changes, count = Cards.changes, 0

    async def overtaken(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        found = await changes(*args, **kwargs)
        count += 1
        assert count < 10, "there is no end"
        await change(grace, "abc"[count % 3], notes=f"{count}")
        return found

    monkeypatch.setattr(Cards, "changes", overtaken)
    root = await phone.multistatus("REPORT", phone.book, sync())
    monkeypatch.undo()

    hrefs = [each.text or "" for each in root.iterfind(f"{D}response/{D}href")]
    assert len(hrefs) <= 4
    later, _ = await phone.sync(token_of(root), asked=WITH_TEXT)
    seen = {*hrefs, *later}
    assert seen == {phone.card(uid) for uid in "abc"}
    assert f"NOTE:{count}\r\n" in later[phone.card("abc"[count % 3])].text(DATA)


async def test_the_token_of_the_book_is_that_of_whoever_knows_it(
    grace: Person, phone: Phone
) -> None:
    """Thunderbird takes it by PROPFIND before its first sync; DAVx5 compares the two."""

    async def token() -> str:
        return (await phone.one(phone.book, "d:sync-token")).text(f"{D}sync-token")

    first = await token()
    assert await phone.sync(first) == ({}, first)
    [href] = await add(grace, "a")
    found, synced = await phone.sync(first)
    assert [*found] == [href]
    assert synced == await token()
    await change(grace, "a")
    assert (await phone.sync(synced))[0][href].status == 404
    assert (await phone.sync(synced))[1] == await token()


async def test_tokens_that_are_none(
    grace: Person, phone: Phone, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    bob = await phone_of(await make_person("bob@example.com", "Bob"), pg)
    _, bobs = await bob.sync()
    for token in ("x", "http://radicale.org/ns/sync/1", bobs, "urn:contactsvc:sync:AAAA"):
        refused = await phone.request("REPORT", phone.book, sync(token))
        assert (await condition(refused, 403)).tag == f"{D}valid-sync-token"


async def test_tokens_that_are_too_old_or_come_out_of_the_future(
    grace: Person, phone: Phone, pg: asyncpg.Connection
) -> None:
    await add(grace, "a", "b")
    _, token = await phone.sync()
    await add(grace, "c")
    await pg.execute("UPDATE address_books SET oldest_seq = seq")  # the housekeeper was here
    refused = await phone.request("REPORT", phone.book, sync(token))
    assert (await condition(refused, 403)).tag == f"{D}valid-sync-token"

    _, token = await phone.sync()
    await pg.execute("UPDATE address_books SET oldest_seq = 0, seq = seq - 1")  # out of a backup
    refused = await phone.request("REPORT", phone.book, sync(token))
    assert (await condition(refused, 403)).tag == f"{D}valid-sync-token"


async def test_what_fails_in_the_middle_does_not_look_whole(
    grace: Person, phone: Phone, small_pages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pages(1)
    monkeypatch.setattr(service, "_PIECE", 1)
    hrefs = await add(grace, "a", "b", "c")
    calls, page, among, changes = 0, Cards.page, Cards.among, Cards.changes

    def failing(read: Any) -> Any:
        async def fail(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == 3:
                raise Unavailable
            return await read(*args, **kwargs)

        return fail

    for name, read in (("page", page), ("among", among), ("changes", changes)):
        monkeypatch.setattr(Cards, name, failing(read))
    for body in (multiget(*hrefs), query(), sync()):
        calls = 0
        response = await phone.request("REPORT", phone.book, body)
        assert response.status == 207
        with pytest.raises(ClientPayloadError):
            await response.read()


async def test_what_fails_at_once_is_told(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*args: Any, **kwargs: Any) -> Any:
        raise Unavailable

    for name in ("page", "among", "changes"):
        monkeypatch.setattr(Cards, name, fail)
    for body in (multiget(phone.card("a")), query(), sync()):
        await problem(await phone.request("REPORT", phone.book, body), 503, "unavailable")


async def test_a_sync_of_nothing_is_one_statement(grace: Person, phone: Phone) -> None:
    await add(grace, "a", "b")
    _, token = await phone.sync(asked=WITH_TEXT)

    with statements_of_requests() as sent:
        assert await phone.sync(token, asked=WITH_TEXT) == ({}, token)
    assert len(sent) == 1
    with statements_of_requests() as sent:
        await phone.one(phone.book, "d:sync-token", "cs:getctag")
    assert len(sent) == 1


async def test_a_sync_of_one_change_does_not_grow_with_the_book(
    grace: Person, phone: Phone
) -> None:
    async def cost(token: str) -> tuple[int, str]:
        await change(grace, "a", notes=token)
        with statements_of_requests() as sent:
            found, later = await phone.sync(token, asked=WITH_TEXT)
        assert [*found] == [phone.card("a")]
        return len(sent), later

    await add(grace, "a")
    _, token = await phone.sync()
    few, token = await cost(token)
    await add(grace, *(f"b{number}" for number in range(30)))
    _, token = await phone.sync()
    many, _ = await cost(token)
    assert few == many <= 3


async def test_large_answers_are_sent_in_pieces(
    grace: Person, phone: Phone, small_pages: Any
) -> None:
    """And others have their turn in between."""
    small_pages(2)
    for number in range(5):
        card = vcard(
            f"u{number}", "Ada L", f"NOTE:{'x' * 9000}", *(f"X-{n}:{'y' * 180}" for n in range(90))
        )
        assert (await phone.put(f"u{number}", card)).status == 201

    response = await phone.request("REPORT", phone.book, query(asked=WITH_TEXT))
    assert "Content-Length" not in response.headers
    found = told(fromstring(await response.text()))

    assert len(found) == 5
    assert all(each.text(DATA).count("\r\nX-") == 90 for each in found.values())
