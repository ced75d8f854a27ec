"""Whatever cards have in them, an answer about many of them leaves their turn to others."""

import asyncio
from typing import Any

import pytest

from contactsvc.contacts.dav.address_data import AddressData
from contactsvc.contacts.dav.filters import Filter
from tests.contacts.dav.support import Phone, multiget, props, query, sync, vcard

WITH_TEXT = props("d:getetag", "card:address-data")
FILTER = (
    '<card:filter><card:prop-filter name="FN"><card:text-match>ada</card:text-match>'
    "</card:prop-filter></card:filter>"
)
LOOKS = pytest.mark.parametrize(
    ("of", "name", "filtered"), [(AddressData, "value", ""), (Filter, "admits", FILTER)]
)


def bodies(phone: Phone, *names: str) -> list[str]:
    """Return reports that tell the cards of these names with their texts."""
    hrefs = [phone.card(name) for name in names]
    return [multiget(*hrefs), sync(asked=WITH_TEXT), query(asked=WITH_TEXT)]


@LOOKS
async def test_between_two_cards(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, of: type, name: str, filtered: str
) -> None:
    names = ("a", "b", "c")
    for each in names:
        assert (await phone.put(each, vcard(each))).status == 201
    look, turns, seen = getattr(of, name), 0, list[int]()

    def turn() -> None:
        nonlocal turns
        turns += 1

    def looking(*args: Any) -> Any:
        seen.append(turns)
        asyncio.get_running_loop().call_soon(turn)
        return look(*args)

    monkeypatch.setattr(of, name, looking)
    for body in [query(filtered)] if filtered else bodies(phone, *names):
        turns = 0
        seen.clear()
        assert len(await phone.report(body)) == 3
        assert seen == [0, 1, 2]


@LOOKS
async def test_while_a_large_card_is_looked_through(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, of: type, name: str, filtered: str
) -> None:
    large = vcard("a", "Ada L", *(f"X-A:{number}" for number in range(5000)))
    assert (await phone.put("a", large)).status == 201
    look, seen = getattr(of, name), list[bool]()

    def looking(*args: Any) -> Any:
        seen.append(asyncio._get_running_loop() is None)
        return look(*args)

    monkeypatch.setattr(of, name, looking)
    for body in [query(filtered)] if filtered else bodies(phone, "a"):
        assert [*await phone.report(body)] == [phone.card("a")]
    assert seen
    assert all(seen)
