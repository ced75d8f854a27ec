"""How clients follow what has changed."""

from typing import Any

import asyncpg
import pytest

from contactsvc.contacts.dav.cards.service import Cards
from tests.conftest import MakePerson, Person
from tests.contacts.dav.support import (
    DATA,
    ETAG,
    SIZES,
    WITH_TEXT,
    D,
    Phone,
    add,
    change,
    condition,
    phone_of,
    sync,
    token_of,
)
from tests.support.work import statements_of_requests


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


@pytest.mark.parametrize("since_change", [False, True], ids=["first", "later"])
@pytest.mark.parametrize("meanwhile", ["a is changed", "a is deleted", "c is changed", "d is new"])
async def test_what_is_changed_between_two_pages_is_for_the_next_sync(
    grace: Person,
    phone: Phone,
    small_pages: Any,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: str,
    since_change: bool,
) -> None:
    """No card is told on two pages, and none is skipped."""
    small_pages(1)
    token = (await phone.sync())[1] if since_change else ""
    hrefs = await add(grace, "a", "b", "c")
    uid, changes = meanwhile[0], Cards.changes

    async def overtaken(*args: Any, **kwargs: Any) -> Any:
        found = await changes(*args, **kwargs)
        monkeypatch.undo()
        small_pages(1)
        await _change_as_told(grace, meanwhile)
        return found

    monkeypatch.setattr(Cards, "changes", overtaken)
    root = await phone.multistatus("REPORT", phone.book, sync(token))
    seen = [each.text for each in root.iterfind(f"{D}response/{D}href")]
    assert seen == [href for href in hrefs if uid != "c" or href != phone.card("c")]

    later, end = await phone.sync(token_of(root), asked=WITH_TEXT)
    assert [*later] == [phone.card(uid)]
    assert (later[phone.card(uid)].status == 404) == ("deleted" in meanwhile)
    assert await phone.sync(end) == ({}, end)


async def _change_as_told(person: Person, meanwhile: str) -> None:
    uid = meanwhile[0]
    if "new" in meanwhile:
        await add(person, uid)
    elif "deleted" in meanwhile:
        await change(person, uid)
    else:
        await change(person, uid, notes="new")


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


async def test_a_sync_of_nothing_is_one_statement(grace: Person, phone: Phone) -> None:
    await add(grace, "a", "b")
    _, token = await phone.sync(asked=WITH_TEXT)

    with statements_of_requests() as sent:
        assert await phone.sync(token, asked=WITH_TEXT) == ({}, token)
    assert len(sent) == 1
    with statements_of_requests() as sent:
        await phone.one(phone.book, "d:sync-token", "cs:getctag")
    assert len(sent) == 1


@pytest.mark.slow
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
