"""Names of columns that are made by a pattern: "E-mail 1 - Value", "Home Phone 2", "Work City"."""

import re
from typing import Final

from contactsvc.contacts.transfer.csv.targets import IGNORED, Target

WHOLE_OR_STREET: Final = "whole or street"
"""The part of a column "Home Address": all of it where another column is its street, or else its
street."""

_FAMILIES: Final = {
    "email": "emails",
    "phone": "phones",
    "address": "addresses",
    "url": "urls",
    "website": "urls",
    "date": "dates",
    "event": "dates",
    "relation": "relations",
    "custom": "custom",
    "customfield": "custom",
    "im": "custom",
    "organization": "organization",
}
_PARTS: Final = {
    "": "value",
    "value": "value",
    "type": "type",
    "label": "label",
    "service": "label",
}
_ORGANIZATION_PARTS: Final = {"name": "organization", "title": "title", "department": "department"}
_ADDRESS_PARTS: Final = {
    "": "street",
    "formatted": "formatted",
    "street": "street",
    "streetaddress": "street",
    "street1": "street",
    "line1": "street",
    "street2": "street_2",
    "line2": "street_2",
    "addressline1": "street",
    "addressline2": "street_2",
    "streetaddress2": "street_2",
    "2": "street_2",
    "street3": "street_3",
    "extendedaddress": "extended",
    "extended": "extended",
    "pobox": "po_box",
    "addresspobox": "po_box",
    "city": "city",
    "town": "city",
    "locality": "city",
    "state": "region",
    "region": "region",
    "province": "region",
    "county": "region",
    "stateprovince": "region",
    "zip": "postal_code",
    "zipcode": "postal_code",
    "postalcode": "postal_code",
    "postcode": "postal_code",
    "zippostalcode": "postal_code",
    "country": "country",
    "countryregion": "country",
}
_LINES: Final = {
    1: Target("addresses", "street", slot="address "),
    2: Target("addresses", "street_2", slot="address "),
}
"""What "Address 1" and "Address 2" are, without a part: lines of one address."""
_TYPES: Final = {
    "home": "home",
    "personal": "home",
    "private": "home",
    "work": "work",
    "business": "work",
    "office": "work",
    "other": "other",
    "mobile": "mobile",
    "cell": "mobile",
    "cellular": "mobile",
    "iphone": "mobile",
    "fax": "fax",
    "pager": "pager",
    "homefax": "fax",
    "workfax": "fax",
    "businessfax": "fax",
    "otherfax": "fax",
}
_FAX_LABELS: Final = {
    "homefax": "Home",
    "workfax": "Work",
    "businessfax": "Work",
    "otherfax": "Other",
}
_WORDS: Final = {
    "phone": "phones",
    "phonenumber": "phones",
    "telephone": "phones",
    "tel": "phones",
    "number": "phones",
    "email": "emails",
    "emailaddress": "emails",
    "mail": "emails",
    "url": "urls",
    "website": "urls",
    "webpage": "urls",
    "homepage": "urls",
}


def _one_of(words: dict[str, str]) -> str:
    """Return a group of a regular expression for words, the longest first."""
    return "(" + "|".join(sorted(filter(None, words), key=len, reverse=True)) + ")"


_NUMBERED: Final = re.compile(_one_of(_FAMILIES) + r"([0-9]{1,3})([a-z]*[0-9]?)")
_NUMBERED_EMAIL: Final = re.compile(r"(?:alternate)?email([0-9])(?:address)?")
_TYPED: Final = re.compile(
    f"(?:{_one_of(_TYPES)}{_one_of(_WORDS)}|{_one_of(_WORDS)}{_one_of(_TYPES)})[0-9]?"
)
_FAX: Final = re.compile("(homefax|workfax|businessfax|otherfax)(?:number)?")
_ADDRESS: Final = re.compile(
    f"(?:(home|personal|work|business|office|other)?(?:{_one_of(_ADDRESS_PARTS)}|address(2?))"
    f"|address(home|work|other){_one_of(_ADDRESS_PARTS)}?)"
)


def matched(key: str) -> Target | None:
    """Return what a name means by its pattern, or None.

    Args:
        key: The name as :func:`contactsvc.contacts.transfer.csv.headers.key` gives it.
    """
    if numbered := _NUMBERED.fullmatch(key):
        return _numbered(*numbered.groups())
    if _NUMBERED_EMAIL.fullmatch(key):
        return Target("emails")
    if fax := _FAX.fullmatch(key):
        return Target("phones", entry_type="fax", label=_FAX_LABELS[fax[1]])
    if typed := _TYPED.fullmatch(key):
        return _typed(typed[1] or typed[4], _WORDS[typed[2] or typed[3]])
    if address := _ADDRESS.fullmatch(key):
        return _address(address)
    return None


def _numbered(family: str, number: str, part: str) -> Target | None:
    field, slot = _FAMILIES[family], f"{family} {int(number)}"
    if field == "organization":
        if part == "type":
            return IGNORED
        name = _ORGANIZATION_PARTS.get(part)
        return Target(name) if name and int(number) == 1 else None
    if family == "address" and not part:
        return _LINES.get(int(number))
    if field == "addresses" and part in _ADDRESS_PARTS:
        return Target(field, _ADDRESS_PARTS[part], slot=slot)
    if part == "address" and field == "emails":
        part = ""
    return Target(field, _PARTS[part], slot=slot) if part in _PARTS else None


def _typed(word: str, field: str) -> Target | None:
    if field != "phones" and _TYPES[word] not in ("home", "work", "other"):
        return None
    return Target(field, entry_type=_TYPES[word], label=_FAX_LABELS.get(word, ""))


def _address(found: re.Match[str]) -> Target:
    type_ = _TYPES.get(found[1] or found[4] or "", "")
    part = _ADDRESS_PARTS.get(found[2] or found[5] or found[3] or "address", WHOLE_OR_STREET)
    return Target("addresses", part, entry_type=type_, slot=f"address {type_}")
