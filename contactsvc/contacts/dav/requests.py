"""What a request asks for, out of its XML."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast
from xml.etree.ElementTree import Element

from contactsvc.contacts.dav.address_data import AddressData
from contactsvc.contacts.dav.errors import forbidden
from contactsvc.contacts.dav.filters import Filter, read_filter
from contactsvc.contacts.dav.limits import MAX_NAMES, MAX_NAMES_LENGTH
from contactsvc.contacts.dav.properties import CARD_TYPE, VERSIONS
from contactsvc.contacts.dav.selection import Selection
from contactsvc.contacts.dav.xml.names import ADDRESS_DATA, CARDDAV, DAV, HREF, PROP
from contactsvc.contacts.vcard.writer import Version
from contactsvc.platform.errors import MalformedBody, PayloadTooLarge

NUMBER_WITHIN_LIMITS: Final = "<d:number-of-matches-within-limits/>"
"""The condition that an answer which is cut short does not meet (RFC 6578, 3.6)."""


@dataclass(frozen=True)
class Multiget:
    """The cards of these URLs (RFC 6352, 8.7)."""

    wanted: Selection
    hrefs: list[str]


@dataclass(frozen=True)
class Query:
    """The cards that a filter lets through, all without one (RFC 6352, 8.6)."""

    wanted: Selection
    filter: Filter | None
    limit: int | None


@dataclass(frozen=True)
class SyncCollection:
    """What has changed since a token, everything without one (RFC 6578, 3.2)."""

    wanted: Selection
    token: str
    limit: int | None


Report = Multiget | Query | SyncCollection


@dataclass(frozen=True)
class PropertyUpdate:
    """Properties that are to be set or removed, in their order (RFC 4918, 9.2).

    Args:
        changes: The names, each with its element; None where it is to be removed.
    """

    changes: list[tuple[str, Element | None]]


def read_propfind(root: Element | None, *, is_brief: bool) -> Selection:
    """Return what PROPFIND asks for; no body asks for ``allprop`` (RFC 4918, 9.1).

    Args:
        root: The body.
        is_brief: See Selection.

    Raises:
        MalformedBody: It is something else.
        PayloadTooLarge: It asks for too many properties.
    """
    if root is None:
        return Selection(is_brief=is_brief)
    if root.tag != f"{DAV}propfind":
        raise MalformedBody("The body is no propfind.")
    return _selection(root, is_brief=is_brief)


def read_report(root: Element | None, *, is_brief: bool) -> Report:
    """Return what REPORT asks for.

    Args:
        root: The body.
        is_brief: See Selection.

    Raises:
        Refused: There is no such report, or it asks for what cannot be given.
        MalformedBody: It says nothing, or a number in it is none.
        PayloadTooLarge: It asks for too many properties, or tests.
    """
    if root is None:
        raise MalformedBody("The body names no report.")
    if root.tag == f"{CARDDAV}addressbook-multiget":
        return _multiget(root, is_brief=is_brief)
    wanted = _selection(root, is_brief=is_brief)
    if root.tag == f"{CARDDAV}addressbook-query":
        found = root.find(f"{CARDDAV}filter")
        tests = None if found is None else read_filter(found)
        return Query(wanted, tests, _limit(root, CARDDAV))
    if root.tag == f"{DAV}sync-collection":
        token = (root.findtext(f"{DAV}sync-token") or "").strip()
        return SyncCollection(wanted, token, _limit(root, DAV))
    raise forbidden("<d:supported-report/>")


def _multiget(root: Element, *, is_brief: bool) -> Multiget:
    """Return the URLs, each once; there may be tens of thousands, which are looked at once."""
    hrefs: dict[str, None] = {}
    rest = Element(root.tag)
    for each in root:
        if each.tag == HREF:
            hrefs[(each.text or "").strip()] = None
        else:
            rest.append(each)
    return Multiget(_selection(rest, is_brief=is_brief), list(hrefs))


def read_propertyupdate(root: Element | None) -> PropertyUpdate:
    """Return what PROPPATCH is to change.

    Raises:
        MalformedBody: It is something else.
        PayloadTooLarge: It names too many properties.
    """
    if root is None or root.tag != f"{DAV}propertyupdate":
        raise MalformedBody("The body is no propertyupdate.")
    changes: list[tuple[str, Element | None]] = []
    for action in root:
        is_set = action.tag == f"{DAV}set"
        if is_set or action.tag == f"{DAV}remove":
            properties = [each for prop in action.iterfind(PROP) for each in prop]
            changes += [(each.tag, each if is_set else None) for each in properties]
    if not changes:
        raise MalformedBody("The body names no property.")
    _check_names([name for name, _ in changes])
    return PropertyUpdate(changes)


def _selection(root: Element, *, is_brief: bool) -> Selection:
    if root.find(f"{DAV}propname") is not None:
        return Selection(names_only=True, is_brief=is_brief)
    if root.find(f"{DAV}allprop") is not None:
        included = [each.tag for each in root.iterfind(f"{DAV}include/*")]
        _check_names(included)
        return Selection(None, is_brief=is_brief, included=tuple(included))
    elements = [each for prop in root.iterfind(PROP) for each in prop]
    names = tuple(dict.fromkeys(each.tag for each in elements))
    _check_names(names)
    data = next((each for each in elements if each.tag == ADDRESS_DATA), None)
    return Selection(
        names, is_brief=is_brief, address_data=None if data is None else _address_data(data)
    )


def _check_names(names: Sequence[str]) -> None:
    if len(names) > MAX_NAMES or sum(map(len, names)) > MAX_NAMES_LENGTH:
        raise PayloadTooLarge("The body names too many properties.")


def _address_data(asked: Element) -> AddressData:
    version = asked.get("version", VERSIONS[0])
    if asked.get("content-type", CARD_TYPE) != CARD_TYPE or version not in VERSIONS:
        raise forbidden("<card:supported-address-data/>")
    names = {each.get("name", "").upper() for each in asked.iterfind(f"{CARDDAV}prop")}
    return AddressData(cast(Version, version), frozenset(filter(None, names)))


def _limit(root: Element, namespace: str) -> int | None:
    """Return how many results are wanted at most (RFC 6578, 3.7; RFC 6352, 10.6).

    Raises:
        Refused: None at all is wanted: the answer cannot be made so short.
        MalformedBody: It is no number.
    """
    found = root.findtext(f"{namespace}limit/{namespace}nresults")
    if found is None:
        return None
    digits = found.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise MalformedBody("The limit is no number.")
    if int(digits) == 0:
        raise forbidden(NUMBER_WITHIN_LIMITS)
    return int(digits)
