"""Changes of properties (RFC 4918, 9.2): all of a request or none."""

from collections.abc import Callable, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from contactsvc.contacts.dav.hrefs import Hrefs
from contactsvc.contacts.dav.repository import rename_book, set_me_card
from contactsvc.contacts.dav.requests import PropertyUpdate
from contactsvc.contacts.dav.xml.names import CALENDARSERVER, DAV, HREF
from contactsvc.contacts.dav.xml.writer import element, propstat, status

DISPLAY_NAME: Final = f"{DAV}displayname"
ME_CARD: Final = f"{CALENDARSERVER}me-card"
MAX_NAME: Final = 100
"""Characters of the name of a book."""

_DONE: Final = status("200 OK")
_WRONG: Final = status("409 Conflict")
_FAILED: Final = status("424 Failed Dependency")
_PROTECTED: Final = (
    f"{status('403 Forbidden')}<d:error><d:cannot-modify-protected-property/></d:error>"
)

Read = Callable[[Element | None], str | None]
"""Reads the new value of a property; None removes it. Raises ValueError if it makes no sense."""


async def change_book(owner_id: int, asked: PropertyUpdate) -> str:
    """Change properties of a book: its name can be; return what became of them, as XML."""
    values, told = _judged(asked, {DISPLAY_NAME: _name})
    if DISPLAY_NAME in values:
        await rename_book(owner_id, values[DISPLAY_NAME] or "")
    return told


async def change_home(owner_id: int, asked: PropertyUpdate, hrefs: Hrefs) -> str:
    """Change properties of a home: which card is its owner's own can be; return as above."""
    values, told = _judged(asked, {ME_CARD: lambda value: _card(value, hrefs)})
    if ME_CARD in values:
        await set_me_card(owner_id, values[ME_CARD])
    return told


def _judged(
    asked: PropertyUpdate, readers: Mapping[str, Read]
) -> tuple[dict[str, str | None], str]:
    """Return the values to be stored, none where one change is refused, and the answer."""
    values: dict[str, str | None] = {}
    refused: dict[str, str] = {}
    for name, value in asked.changes:
        read = readers.get(name)
        if read is None:
            refused[name] = _PROTECTED
            continue
        try:
            values[name] = read(value)
        except ValueError:
            refused[name] = _WRONG
    done = _FAILED if refused else _DONE
    statuses = dict.fromkeys(values, done) | refused
    told = "".join(propstat(line, element(name)) for name, line in statuses.items())
    return {} if refused else values, told


def _name(value: Element | None) -> str | None:
    name = "" if value is None else (value.text or "").strip()
    if len(name) > MAX_NAME or not name.isprintable():
        raise ValueError(name)
    return name


def _card(value: Element | None, hrefs: Hrefs) -> str | None:
    if value is None:
        return None
    name = hrefs.name_of(value.findtext(HREF) or "")
    if name is None:
        raise ValueError(value)
    return name
