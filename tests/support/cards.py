"""Cards of every kind, for tests of what reads and writes them."""

import json
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st

from contactsvc.contacts.vcard.card import Card, Property
from contactsvc.contacts.vcard.reader import read_cards

FIXTURES: Final = Path(__file__).parent.parent / "contacts" / "vcard" / "fixtures"
"""What programs really write, and in expected.json how it is to be read."""

EXPECTED: Final[dict[str, Any]] = json.loads((FIXTURES / "expected.json").read_text())

_CHARACTERS: Final = st.characters(codec="utf-8", exclude_characters="\r\0") | st.sampled_from(
    "\\\n,;:\"'^= \tnN"
)
TEXTS: Final = st.text(_CHARACTERS, min_size=1, max_size=100).filter(lambda text: text.strip())
WORDS: Final = TEXTS.map(str.strip)
"""Texts without white space at their ends."""

DAYS: Final = st.dates().map(str) | st.dates().map(lambda day: f"--{day:%m-%d}")
_TYPES: Final = st.lists(
    st.sampled_from(["home", "work", "cell", "voice", "x-own", 'a"b;c']), unique=True, max_size=3
).map(tuple)
_PREFERENCES: Final = st.none() | st.integers(1, 100)
_LABELS: Final = st.just("") | WORDS.filter(lambda label: "$" not in label)
_PARAMETERS: Final = st.sampled_from([(), ("LANGUAGE=uk",), ('LABEL="a;b:^n"', "PID=1.1,2.1")])


def _parts(sizes: tuple[int, int]) -> st.SearchStrategy[tuple[str, ...]]:
    parts = st.lists(st.just("") | WORDS, min_size=sizes[0], max_size=sizes[1]).map(tuple)
    return parts.filter(lambda found: bool(found[-1:] != ("",) or sizes[0] > 1)).filter(any)


def _plain(name: str, **attributes: st.SearchStrategy[Any]) -> st.SearchStrategy[Property]:
    return st.fixed_dictionaries(attributes).map(lambda drawn: Property(name, **drawn))


def _entry(name: str, **attributes: st.SearchStrategy[Any]) -> st.SearchStrategy[Property]:
    return _plain(
        name,
        types=_TYPES,
        pref=_PREFERENCES,
        label=_LABELS,
        parameters=_PARAMETERS,
        **attributes,
    )


_LISTS: Final = st.lists(WORDS, min_size=1, max_size=4).map(tuple)
_PICTURES: Final = st.binary(min_size=1, max_size=300).map(lambda data: b"\x89PNG" + data)
_RAW: Final = st.sampled_from(
    ["X-FOO;A=b:one\\,two", "x-lower:case", "REV:20240101T000000Z", 'X-A;Q="a:b;c":', "BDAY:1985"]
).map(
    lambda raw: Property(
        raw.partition(":")[0].partition(";")[0].upper(),
        raw.rpartition(":")[2].replace("\\", ""),
        raw=raw,
    )
)

PROPERTIES: Final = st.one_of(
    _plain("FN", value=TEXTS),
    _plain("N", parts=_parts((5, 5))),
    _plain("NICKNAME", parts=_LISTS),
    _plain("ORG", parts=_parts((1, 4))),
    _plain("TITLE", value=TEXTS, parameters=_PARAMETERS),
    _entry("EMAIL", value=WORDS),
    _entry("TEL", value=WORDS),
    _entry("ADR", parts=_parts((7, 7))),
    _entry("URL", value=WORDS),
    _plain("BDAY", value=DAYS | st.just("19531015T231000Z")),
    _entry("X-ABDATE", value=DAYS),
    _plain("RELATED", value=TEXTS, label=WORDS.filter(lambda label: "$" not in label)),
    _plain("NOTE", value=TEXTS),
    _plain("CATEGORIES", parts=_LISTS),
    _plain("UID", value=WORDS),
    _plain("KIND", value=st.sampled_from(["group", "org", "individual"])),
    _plain("MEMBER", value=WORDS),
    _plain("PHOTO", value=st.just("image/png"), data=_PICTURES),
    _plain("PHOTO", value=st.just("https://photos.example/a,b;c")),
    _RAW,
)
"""Properties that both versions have, one way or another."""


def read_one(data: bytes) -> Card:
    """Return the only card of a file."""
    (card,) = read_cards([data])
    assert isinstance(card, Card)
    return card
