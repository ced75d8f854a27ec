"""docs/reference/carddav.rst has every resource, property and condition, and nothing else."""

import re
from pathlib import Path

from contactsvc.contacts.card_names import MAX_LENGTH
from contactsvc.contacts.dav import limits
from contactsvc.contacts.dav.cards.groups import MAX_GROUPS, MAX_MEMBERS
from contactsvc.contacts.dav.cards.reading import MAX_GROUP
from contactsvc.contacts.dav.filters import _COLLATIONS
from contactsvc.contacts.dav.properties import COLLATIONS, PROPERTIES, REPORTS
from contactsvc.contacts.dav.property_changes import DISPLAY_NAME, ME_CARD
from contactsvc.contacts.dav.resources import Kind
from contactsvc.contacts.dav.xml import names, reader
from contactsvc.contacts.vcard.lines import MAX_CARD
from contactsvc.routes import ROUTES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "carddav.rst").read_text()
CODE = "".join(path.read_text() for path in (ROOT / "contactsvc/contacts/dav").glob("*.py"))

PREFIXES = {"DAV": names.DAV, "CARDDAV": names.CARDDAV, "CS": names.CALENDARSERVER}
KINDS = {"root": Kind.ROOT, "user": Kind.PRINCIPAL, "home": Kind.HOME, "book": Kind.BOOK,
         "card": Kind.CARD}  # fmt: skip


def rows(pattern: str) -> list[tuple[str, ...]]:
    return re.findall(pattern, PAGE, re.MULTILINE)


def test_it_has_every_resource_with_its_methods() -> None:
    told = {
        path: set(re.findall(r"``(\w+)``", methods))
        for path, methods in rows(r"^   \* - ``(/dav/.*)``\n     - (.*)$")
    }

    assert told == {
        path: set(view.allowed_methods()) - {"OPTIONS"}
        for path, view in ROUTES
        if path.startswith("/dav/")
    }


def test_it_has_every_property_with_what_has_it() -> None:
    told, changed = set(), set()
    for prefix, name, kinds in rows(r"^   \* - ``(DAV|CARDDAV|CS):(.+)``\n     - (.*)$"):
        for kind in kinds.split(", "):
            told.add((KINDS[kind.strip("*")], PREFIXES[prefix] + name))
            if kind.startswith("*"):
                changed.add((KINDS[kind.strip("*")], PREFIXES[prefix] + name))

    assert told == {(kind, name) for kind, known in PROPERTIES.items() for name in known}
    assert changed == {(Kind.BOOK, DISPLAY_NAME), (Kind.HOME, ME_CARD)}


def test_it_has_every_report_and_collation() -> None:
    told = set(re.findall(r"^   \* - ``([a-z]+-[a-z]+)``$", PAGE, re.MULTILINE))

    assert told == {name.partition(":")[2] for name in REPORTS}
    assert all(f"``{name}``" in PAGE for name in COLLATIONS)
    assert set(COLLATIONS) == set(_COLLATIONS) - {"default"}


def test_it_has_every_condition() -> None:
    told = {name for _, name in rows(r"^   \* - ([\d, ]+)\n     - ``([a-z-]+)``$")}

    raised = r"(?:forbidden\(|Refused\([\w.]+, |Final = |condition = f)\"<(?:d|card):([a-z-]+)"
    assert told == set(re.findall(raised, CODE))


def test_its_limits_are_those_of_the_code() -> None:
    mib, told = 1024**2, " ".join(PAGE.split())
    assert f"up to {MAX_LENGTH} characters" in told
    assert f"up to {MAX_CARD // mib} MiB as" in told
    assert f"a group may have {MAX_GROUP // mib} MiB" in told
    assert f"or {MAX_GROUPS:,} groups, or {MAX_MEMBERS:,} members of groups" in told
    assert f"up to {limits.MAX_TESTS} tests" in told
    assert f"may have {limits.MAX_XML // mib} MiB, {reader.MAX_ELEMENTS:,} elements" in told
    assert f"in {reader.MAX_DEPTH} levels, and {limits.MAX_NAMES} properties" in told
