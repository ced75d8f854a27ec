"""What reports tell of cards."""

import asyncio
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from aiohttp import ClientPayloadError

from contactsvc.contacts.dav import service
from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.platform.errors import Unavailable
from tests.conftest import Person, problem
from tests.contacts.dav.support import (
    DATA,
    ETAG,
    SIZES,
    WITH_TEXT,
    Phone,
    add,
    multiget,
    query,
    sync,
    told,
    vcard,
)


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


@pytest.mark.slow
async def test_a_multiget_of_as_many_urls_as_have_room(grace: Person, phone: Phone) -> None:
    hrefs = [*(f"/elsewhere/{number}.vcf" for number in range(40_000)), *await add(grace, "a")]
    found = await phone.report(multiget(*hrefs))
    assert [*found] == hrefs
    assert [href for href, each in found.items() if each.status != 404] == hrefs[-1:]


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
