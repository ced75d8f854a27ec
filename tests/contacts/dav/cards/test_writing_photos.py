"""The photo of a card is that of the contact."""

from base64 import b64decode, b64encode

import asyncpg
import pytest

from contactsvc.contacts.dav.cards.reading import MAX_STORED
from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.photos.repository import PhotoRepository, digest_of
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer.content_lines import MAX_EXTRA
from contactsvc.platform.storage.pictures import Pictures
from tests.contacts.dav.cards.support import card, contact, text
from tests.support.pictures import flag

HEIC = b"\0\0\0\x18ftypheic" + b"x" * 300


def photo_line(picture: bytes) -> str:
    return f"PHOTO;ENCODING=b;TYPE=PNG:{b64encode(picture).decode()}"


def photo_in(given: str) -> bytes:
    [line] = [line for line in given.split("\r\n") if line.startswith("PHOTO")]
    return b64decode(line.rpartition(":")[2])


@pytest.fixture
def drawn(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The pictures that were drawn."""
    found: list[bytes] = []
    fitted = pictures.fitted

    async def noting(upload: bytes, pointer: str = "") -> bytes:
        found.append(upload)
        return await fitted(upload, pointer)

    monkeypatch.setattr(pictures, "fitted", noting)
    return found


async def test_a_photo_is_drawn_anew_and_the_card_kept_as_it_came(
    cards: Cards, owner: int, pg: asyncpg.Connection
) -> None:
    sent = card("ada", photo_line(flag()))
    assert (await cards.put("ada", sent)).etag is not None
    assert (await cards.get("ada")).text == sent
    row = await contact(pg, "ada")
    kept = await PhotoRepository(owner).get(row["id"])
    assert kept.digest == row["photo"]
    assert kept.content is not None
    assert kept.content[:2] == b"\xff\xd8"
    # In another version, and once the contact has changed, it is the one that was drawn.
    assert b64encode(kept.content).decode() in await text(cards, "ada", "4.0")
    await ContactRepository(owner).change(row["id"], {"notes": "changed"})
    assert photo_in(await text(cards, "ada")) == kept.content


async def test_a_photo_that_is_sent_back_is_no_change(
    cards: Cards, owner: int, pg: asyncpg.Connection, drawn: list[bytes]
) -> None:
    await cards.put("ada", card("ada", photo_line(flag())))
    row = await contact(pg, "ada")
    await ContactRepository(owner).change(row["id"], {"notes": "changed"})
    given = (await cards.get("ada")).text
    assert given is not None
    drawn.clear()
    await cards.put("ada", given)
    after = await contact(pg, "ada")
    assert (after["photo"], after["version"], drawn) == (row["photo"], 2, [])
    assert digest_of(photo_in(given.decode().replace("\r\n ", ""))) == row["photo"]

    await cards.put("ada", given.replace(b"NOTE:changed", b"NOTE:again"))
    after = await contact(pg, "ada")
    assert (after["photo"], after["version"], drawn) == (row["photo"], 3, [])
    assert await pg.fetchval("SELECT etag FROM contact_photos") == row["photo"]


async def test_a_card_without_a_photo_takes_it_away(cards: Cards, pg: asyncpg.Connection) -> None:
    await cards.put("ada", card("ada", photo_line(flag())))
    await cards.put("ada", card("ada"))
    assert (await contact(pg, "ada"))["photo"] is None
    assert await pg.fetchval("SELECT count(*) FROM contact_photos") == 0
    await cards.put("ada", card("ada", photo_line(flag("GIF"))))
    assert await pg.fetchval("SELECT count(*) FROM contact_photos") == 1


async def test_the_address_of_a_photo_is_kept(cards: Cards, owner: int) -> None:
    line = "PHOTO;VALUE=uri:https://example.com/ada.jpg"
    await cards.put("ada", card("ada", line, "NOTE:x"))
    assert "https://example.com/ada.jpg" in await text(cards, "ada", "4.0")


HEAD = "PHOTO;X-CROP=1;ENCODING=b;TYPE=HEIC:"
LINES = (
    ("3.0", "PHOTO;ENCODING=b;TYPE=HEIC;X-CROP=1:{}"),
    ("4.0", "PHOTO;X-CROP=1:data:image/heic;base64,{}"),
)


async def test_a_photo_that_cannot_be_drawn_outlasts_a_change(
    cards: Cards, owner: int, pg: asyncpg.Connection
) -> None:
    data = b64encode(HEIC).decode()
    await cards.put("ada", card("ada", f"{HEAD}{data}"))
    row = await contact(pg, "ada")
    assert row["photo"] is None
    await ContactRepository(owner).change(row["id"], {"notes": "changed"})

    for version, line in LINES:
        given = await text(cards, "ada", version)
        assert given.split("\r\n").count(line.format(data)) == 1
        await cards.put("ada", given.encode())
        assert (await contact(pg, "ada"))["version"] == 2  # what is sent back is no change
    await cards.put("ada", card("ada"))
    assert "PHOTO" not in await text(cards, "ada")


async def test_a_photo_that_cannot_be_drawn_is_kept_of_a_card_that_is_not(cards: Cards) -> None:
    data = b64encode(HEIC * (MAX_STORED // len(HEIC))).decode()
    assert (await cards.put("ada", card("ada", f"{HEAD}{data}"))).etag is None
    for version, line in LINES:
        assert line.format(data) in await text(cards, "ada", version)


async def test_a_photo_for_which_there_is_no_room_is_left_out(
    cards: Cards, pg: asyncpg.Connection
) -> None:
    data = b64encode(bytes(MAX_EXTRA * 3 // 4)).decode()
    await cards.put("ada", card("ada", f"{HEAD}{data}", "X-PET:Rex"))
    assert (await contact(pg, "ada"))["extra"] == ["X-PET:Rex"]


async def test_a_photo_that_changes_while_the_card_is_read(
    cards: Cards, owner: int, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card has the photo that the contact had; when it is written, that is another one."""
    await cards.put("ada", card("ada", photo_line(flag())))
    row = await contact(pg, "ada")
    await ContactRepository(owner).change(row["id"], {"notes": "changed"})
    given = (await cards.get("ada")).text
    assert given is not None
    before = cards._writer._photo_of

    async def changing(name: str) -> str | None:
        digest = await before(name)
        photo = await Pictures().fitted(flag("GIF", size=(40, 40)))
        await PhotoRepository(owner).put(row["id"], photo, lambda _: True)
        return digest

    monkeypatch.setattr(cards._writer, "_photo_of", changing)
    await cards.put("ada", given)
    kept = await pg.fetchrow("SELECT etag, content FROM contact_photos")
    assert kept is not None
    after = (await contact(pg, "ada"))["photo"]
    assert kept["etag"] == after == digest_of(kept["content"])
