"""The properties of resources: each is said once, with what has it and what it says."""

from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import format_datetime
from typing import Final, NamedTuple

from contactsvc.contacts.dav.resources import Kind, Resource
from contactsvc.contacts.dav.xml.names import ADDRESS_DATA, CALENDARSERVER, CARDDAV, DAV
from contactsvc.contacts.dav.xml.writer import href, text
from contactsvc.contacts.schemas.limits import PHOTO_MAX_BYTES
from contactsvc.contacts.vcard.lines import MAX_CARD

COLLATIONS: Final = ("i;ascii-casemap", "i;octet", "i;unicode-casemap")
"""How texts are compared (RFC 6352, 8.3)."""
CARD_TYPE: Final = "text/vcard"
VERSIONS: Final = ("3.0", "4.0")
"""The versions of vCard that are given; the first one to those who do not ask for one."""

Value = Callable[[Resource], str | None]
"""Gives the value of a resource's property as XML; None if that resource does not have it."""


class Property(NamedTuple):
    """A property.

    Args:
        name: Its name.
        kinds: The kinds of resources that have it.
        value: Gives its value.
        in_allprop: Whether it is told to those who do not name what they want: properties of RFC
            4918 are, and no others (section 9.1).
        needs_text: Whether it is made of the text of a card, which costs more than all others.
    """

    name: str
    kinds: frozenset[Kind]
    value: Value
    in_allprop: bool = False
    needs_text: bool = False


_ALL: Final = frozenset(Kind)
_BOOK: Final = frozenset({Kind.BOOK})
_CARD: Final = frozenset({Kind.CARD})
_OWNED: Final = frozenset({Kind.HOME, Kind.BOOK, Kind.CARD})
_NAMED: Final = _ALL - _CARD
_PRINCIPAL: Final = frozenset({Kind.PRINCIPAL})
_HOME: Final = frozenset({Kind.HOME})

_TYPES: Final = {
    Kind.ROOT: "<d:collection/>",
    Kind.PRINCIPAL: "<d:principal/>",
    Kind.HOME: "<d:collection/>",
    Kind.BOOK: "<d:collection/><card:addressbook/>",
}
REPORTS: Final = ("card:addressbook-multiget", "card:addressbook-query", "d:sync-collection")
"""The reports that there are of a book."""
_READ: Final = ("read", "read-current-user-privilege-set")
_WRITE: Final = {
    Kind.HOME: ("write-properties",),
    Kind.BOOK: ("write", "write-properties", "write-content", "bind", "unbind"),
    Kind.CARD: ("write", "write-content"),
}


def _constant(value: str) -> Value:
    return lambda _: value


def _display_name(of: Resource) -> str:
    is_book = of.kind is Kind.BOOK and of.book is not None
    return text(of.book.name if is_book and of.book else of.viewer.name)


def _privileges(of: Resource) -> str:
    names = (*_READ, *(_WRITE.get(of.kind, ()) if of.viewer.can_write else ()))
    return "".join(f"<d:privilege><d:{name}/></d:privilege>" for name in names)


def _reports(of: Resource) -> str:
    reports = REPORTS if of.kind is Kind.BOOK else ()
    return "".join(
        f"<d:supported-report><d:report><{name}/></d:report></d:supported-report>"
        for name in reports
    )


def _ctag(of: Resource) -> str | None:
    return str(of.book.seq) if of.book else None


def _sync_token(of: Resource) -> str | None:
    return of.book.token if of.book else None


def _me_card(of: Resource) -> str | None:
    name = of.book.me if of.book else None
    return href(of.viewer.hrefs.card(name)) if name else None


def _etag(of: Resource) -> str | None:
    return text(of.card.etag) if of.card else None


def _modified(of: Resource) -> str | None:
    return format_datetime(of.card.modified.astimezone(UTC), usegmt=True) if of.card else None


def _length(of: Resource) -> str | None:
    return str(len(of.card.text)) if of.card and of.card.text is not None else None


_ADDRESS_DATA_TYPES: Final = "".join(
    f'<card:address-data-type content-type="{CARD_TYPE}" version="{version}"/>'
    for version in VERSIONS
)
_COLLATIONS: Final = "".join(
    f"<card:supported-collation>{name}</card:supported-collation>" for name in COLLATIONS
)

_PROPERTIES: Final = (
    Property(f"{DAV}resourcetype", _ALL, lambda of: _TYPES.get(of.kind, ""), in_allprop=True),
    Property(f"{DAV}displayname", _NAMED, _display_name, in_allprop=True),
    Property(f"{DAV}current-user-principal", _ALL, lambda of: href(of.viewer.hrefs.principal)),
    Property(f"{DAV}current-user-privilege-set", _ALL, _privileges),
    Property(f"{DAV}owner", _OWNED, lambda of: href(of.viewer.hrefs.principal)),
    Property(f"{DAV}principal-URL", _PRINCIPAL, lambda of: href(of.viewer.hrefs.principal)),
    Property(f"{DAV}principal-collection-set", _ALL, lambda of: href(of.viewer.hrefs.root)),
    Property(f"{DAV}alternate-URI-set", _PRINCIPAL, _constant("")),
    Property(f"{DAV}group-membership", _PRINCIPAL, _constant("")),
    Property(f"{DAV}supported-report-set", _NAMED, _reports),
    Property(f"{DAV}sync-token", _BOOK, _sync_token),
    Property(f"{DAV}getetag", _CARD, _etag, in_allprop=True),
    Property(f"{DAV}getcontenttype", _CARD, _constant(f"{CARD_TYPE}; charset=utf-8"), True),
    Property(f"{DAV}getlastmodified", _CARD, _modified, in_allprop=True),
    Property(f"{DAV}getcontentlength", _CARD, _length, needs_text=True),
    Property(f"{CARDDAV}addressbook-home-set", _PRINCIPAL, lambda of: href(of.viewer.hrefs.home)),
    Property(f"{CARDDAV}supported-address-data", _BOOK, _constant(_ADDRESS_DATA_TYPES)),
    Property(f"{CARDDAV}supported-collation-set", _BOOK, _constant(_COLLATIONS)),
    Property(f"{CARDDAV}max-resource-size", _BOOK, _constant(str(MAX_CARD))),
    Property(f"{CARDDAV}max-image-size", _BOOK, _constant(str(PHOTO_MAX_BYTES))),
    Property(f"{CALENDARSERVER}getctag", _BOOK, _ctag),
    Property(f"{CALENDARSERVER}me-card", _HOME, _me_card),
)


def _of_kind(kind: Kind) -> Mapping[str, Property]:
    return {each.name: each for each in _PROPERTIES if kind in each.kinds}


PROPERTIES: Final[Mapping[Kind, Mapping[str, Property]]] = {kind: _of_kind(kind) for kind in Kind}
"""The properties of each kind of resources, by name."""

NEED_TEXT: Final = frozenset({ADDRESS_DATA, *(e.name for e in _PROPERTIES if e.needs_text)})
"""The names of what needs the texts of cards."""
