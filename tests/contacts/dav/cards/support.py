"""Cards as clients send them, and what becomes of them."""

from typing import Any

import asyncpg
import orjson

from contactsvc.contacts.dav.cards.service import Cards


def card(uid: str = "ada", *lines: str, version: str = "3.0", name: str = "Ada Lovelace") -> bytes:
    """Return a card with further lines; one without a UID has ``uid`` empty."""
    first, _, last = name.rpartition(" ")
    head = ["BEGIN:VCARD", f"VERSION:{version}", *([f"UID:{uid}"] if uid else [])]
    whole = [*head, f"N:{last};{first};;;", f"FN:{name}", *lines, "END:VCARD", ""]
    return "\r\n".join(whole).encode()


def group(title: str, *uids: str, uid: str = "group", version: str = "3.0") -> bytes:
    """Return the card of a group with these members."""
    kind, member = "KIND", "MEMBER"
    if version == "3.0":
        kind, member = f"X-ADDRESSBOOKSERVER-{kind}", f"X-ADDRESSBOOKSERVER-{member}"
    members = [f"{member}:urn:uuid:{each}" for each in uids]
    head = ["BEGIN:VCARD", f"VERSION:{version}", f"UID:{uid}", f"N:{title};;;;", f"FN:{title}"]
    return "\r\n".join([*head, f"{kind}:group", *members, "END:VCARD", ""]).encode()


async def text(cards: Cards, name: str, version: Any = "3.0") -> str:
    """Return the text of a card without its folds."""
    found = (await cards.get(name, version)).text
    assert found is not None
    return found.decode().replace("\r\n ", "")


async def contact(pg: asyncpg.Connection, uid: str) -> dict[str, Any]:
    """Return the columns of a contact, with those of its JSON read."""
    row = await pg.fetchrow("SELECT * FROM contacts WHERE uid = $1", uid)
    assert row is not None, uid
    return {
        **row,
        "details": orjson.loads(row["details"]),
        "extra": orjson.loads(row["extra"] or "[]"),
    }
