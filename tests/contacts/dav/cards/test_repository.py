"""Cards are read by few statements, of which none reads texts without a bound."""

import pytest

from contactsvc.contacts.changes.repository import MAX_BYTES
from contactsvc.contacts.dav.cards import repository
from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.repository import ContactRepository
from tests.support.rows import statements


async def test_a_page_ends_after_so_many_bytes_of_texts(
    cards: Cards, contacts: ContactRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = f"size < {MAX_BYTES}"
    for statement in ("_TEXTS", "_TEXTS_BY_NAME"):
        small = getattr(repository, statement).replace(limit, "size < 20000")
        monkeypatch.setattr(repository, statement, small)
    monkeypatch.setattr(repository, "MAX_BYTES", 20_000)
    uids = ["a", "b", "c", "d"]
    for uid in uids:
        await contacts.create({"first_name": "Ada", "uid": uid, "notes": "x" * 9_990})

    page = await cards.page(10, with_text=True)
    assert [card.name for card in page.rows] == ["a", "b"]
    rest = await cards.page(10, page.next_position, with_text=True)
    assert [card.name for card in rest.rows] == ["c", "d"]
    assert rest.next_position is None

    found = await cards.among(uids)
    assert [(card.name, card.text is None) for card in found] == [
        ("a", False),
        ("b", False),
        ("c", True),
        ("d", True),
    ]

    first = await cards.changes(None, 10, with_text=True)
    assert ([item.name for item in first.items], first.has_more) == (["a", "b"], True)
    second = await cards.changes(first.place, 10, with_text=True)
    assert ([item.name for item in second.items], second.has_more) == (["c", "d"], False)


async def test_what_has_not_changed_costs_one_statement(
    cards: Cards, contacts: ContactRepository
) -> None:
    for uid in ("a", "b"):
        await contacts.create({"first_name": "Ada", "uid": uid})
    place = (await cards.changes(None, 10)).place
    for call, most in (
        (lambda: cards.changes(place, 10, with_text=True), 1),
        (lambda: cards.changes(None, 10), 1),
        (lambda: cards.changes(None, 10, with_text=True), 2),
        (lambda: cards.page(10), 1),
        (lambda: cards.page(10, with_text=True), 2),
        (lambda: cards.get("a"), 1),
        (lambda: cards.among(["a", "b"]), 1),
    ):
        with statements() as sent:
            await call()
        assert len(sent) == most, sent
