"""Texts are in the version that is asked for."""

from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.repository import ContactRepository
from tests.contacts.dav.cards.support import card, group, text


async def test_a_card_in_4_0_is_given_in_both_versions(cards: Cards) -> None:
    sent = card("ada", "BDAY:18151210", version="4.0")
    etag = (await cards.put("ada", sent)).etag
    in_4_0, in_3_0 = await cards.get("ada", "4.0"), await cards.get("ada", "3.0")
    assert (in_4_0.text, in_4_0.etag, in_3_0.etag) == (sent, etag, etag)
    assert "BDAY:1815-12-10\r\n" in await text(cards, "ada", "3.0")


async def test_a_group_is_converted_for_who_asks_for_another_version(cards: Cards) -> None:
    await cards.put("name", group("Friends", "a"))
    in_4_0 = await text(cards, "name", "4.0")
    assert "KIND:group\r\n" in in_4_0
    assert "MEMBER:urn:uuid:a\r\n" in in_4_0
    sent = group("Friends", "a", version="4.0")
    await cards.put("name", sent)
    assert (await cards.get("name", "4.0")).text == sent
    assert "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a\r\n" in await text(cards, "name", "3.0")


async def test_what_android_says_besides_the_standard_properties_is_left_out(
    cards: Cards, contacts: ContactRepository
) -> None:
    """A program that deletes the nickname would send the line back, and the nickname with it."""
    said = "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Bob;1;"
    other = said.replace("Bob", "Rob")
    lines = [f"X-CONTACTSVC-AS-READ:{said}", other]
    await contacts.create({"first_name": "A", "uid": "a", "nickname": "Bob", "extra": lines})

    first = await cards.get("a", "3.0")
    found = (await text(cards, "a")).split("\r\n")

    assert "NICKNAME:Bob" in found
    assert said not in found
    assert other in found
    assert first.text is not None
    await cards.put("a", first.text)
    assert (await cards.get("a", "3.0")).etag == first.etag


async def test_many_cards_are_written_beside_the_event_loop_as_one_is(
    cards: Cards, contacts: ContactRepository
) -> None:
    uids = [f"uid{number}" for number in range(30)]
    for uid in uids:
        await contacts.create({"first_name": "Ada", "uid": uid, "notes": uid * 100})
    found = await cards.among(uids)
    assert [each.name for each in found] == uids
    for each in found:
        assert each == await cards.get(each.name)
