"""Filters of addressbook-query (RFC 6352, 10.5): which cards they let through."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from contactsvc.contacts.dav.errors import forbidden
from contactsvc.contacts.dav.limits import MAX_TESTS, MAX_TEXT
from contactsvc.contacts.dav.xml.names import CARDDAV
from contactsvc.contacts.vcard.heads import head_length
from contactsvc.contacts.vcard.text import unescape
from contactsvc.platform.errors import MalformedBody, PayloadTooLarge

_FOLD: Final = re.compile(r"\r?\n[ \t]")
_PARAMETER: Final = re.compile(r';\s*([A-Za-z0-9-]+)(?:\s*=((?:"[^"]*"|[^";])*))?')
_MAX_VALUE: Final = 16 * 1024
"""Characters of a value, and of what stands before it, that are looked at: photos are longer, and
nobody looks for them."""
_LOWER: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class Line(NamedTuple):
    """A content line of a card.

    Args:
        name: The name of the property, in upper case, without its group.
        parameters: Names, in upper case, and values of its parameters.
        value: Its value without escapes.
    """

    name: str
    parameters: Sequence[tuple[str, str]]
    value: str


Test = Callable[[Sequence[Line]], bool]
TextTest = Callable[[str], bool]


@dataclass(frozen=True)
class Filter:
    """Tests of a card.

    Args:
        tests: The tests.
        needs_all: Whether all must be met, or one of them.
    """

    tests: Sequence[Test]
    needs_all: bool

    def admits(self, card: bytes) -> bool:
        """Return whether a card is let through; without tests, each is (RFC 6352, 10.5)."""
        if not self.tests:
            return True
        lines = list(_lines(card))
        met = (test(lines) for test in self.tests)
        return all(met) if self.needs_all else any(met)


def read_filter(element: Element) -> Filter:
    """Return a filter out of its element.

    Raises:
        Refused: It has an unknown collation.
        MalformedBody: It has a test that is none.
        PayloadTooLarge: It has more than MAX_TESTS, or a test with more than MAX_TEXT characters.
    """
    tests = list(element.iterfind(f"{CARDDAV}prop-filter"))
    inner = sum(1 for test in tests for _ in test.iter())
    if inner > MAX_TESTS:
        raise PayloadTooLarge(f"The filter has more than {MAX_TESTS} tests.")
    return Filter([_property_test(test) for test in tests], needs_all=_needs_all(element))


def _needs_all(element: Element) -> bool:
    test = element.get("test", "anyof")
    if test not in ("anyof", "allof"):
        raise MalformedBody("A filter's test is anyof or allof.")
    return test == "allof"


def _name(element: Element) -> str:
    name = element.get("name", "").strip().upper()
    if not name:
        raise MalformedBody("A filter has no name.")
    return name


def _property_test(element: Element) -> Test:
    """Return the test of a property (RFC 6352, 10.5.1)."""
    name = _name(element)
    if element.find(f"{CARDDAV}is-not-defined") is not None:
        return lambda lines: all(line.name != name for line in lines)
    texts = [_text_test(each) for each in element.iterfind(f"{CARDDAV}text-match")]
    parameters = [_parameter_test(each) for each in element.iterfind(f"{CARDDAV}param-filter")]
    needs_all = _needs_all(element)

    def of_line(line: Line) -> bool:
        met = [*(test(line.value) for test in texts), *(test(line) for test in parameters)]
        return not met or (all(met) if needs_all else any(met))

    return lambda lines: any(of_line(line) for line in lines if line.name == name)


def _parameter_test(element: Element) -> Callable[[Line], bool]:
    """Return the test of a parameter (RFC 6352, 10.5.2)."""
    name = _name(element)
    if element.find(f"{CARDDAV}is-not-defined") is not None:
        return lambda line: all(each != name for each, _ in line.parameters)
    found = element.find(f"{CARDDAV}text-match")
    test = _text_test(found) if found is not None else lambda _: True
    return lambda line: any(test(value) for each, value in line.parameters if each == name)


def _text_test(element: Element) -> TextTest:
    """Return the test of a text (RFC 6352, 10.5.4)."""
    fold = _COLLATIONS.get(element.get("collation", "i;unicode-casemap"))
    if fold is None:
        raise forbidden("<card:supported-collation/>")
    compare = _MATCHES.get(element.get("match-type", "contains"))
    negate = {"no": False, "yes": True}.get(element.get("negate-condition", "no"))
    if compare is None or negate is None:
        raise MalformedBody("A text-match has an unknown match-type or negate-condition.")
    wanted = element.text or ""
    if len(wanted) > MAX_TEXT:
        raise PayloadTooLarge(f"A text-match has more than {MAX_TEXT} characters.")
    wanted = fold(wanted)
    return lambda value: compare(fold(value), wanted) != negate


def _unicode_casemap(text: str) -> str:
    """Return a text as it is compared by i;unicode-casemap (RFC 5051)."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKD", text).casefold()


_COLLATIONS: Final[dict[str, Callable[[str], str]]] = {
    "default": _unicode_casemap,
    "i;unicode-casemap": _unicode_casemap,
    "i;ascii-casemap": lambda text: text.translate(_LOWER),
    "i;octet": str,
}
_MATCHES: Final[dict[str, Callable[[str, str], bool]]] = {
    "contains": lambda text, wanted: wanted in text,
    "equals": lambda text, wanted: text == wanted,
    "starts-with": str.startswith,
    "ends-with": str.endswith,
}


def _lines(card: bytes) -> Iterator[Line]:
    for text in _FOLD.sub("", card.decode(errors="replace")).replace("\r", "").split("\n"):
        try:
            end = head_length(text)
        except ValueError:
            continue
        head = text[: min(end, _MAX_VALUE)]
        name = head.partition(";")[0].rpartition(".")[2].strip().upper()
        yield Line(name, list(_parameters(head)), unescape(text[end + 1 :][:_MAX_VALUE]))


def _parameters(head: str) -> Iterator[tuple[str, str]]:
    """Yield the values of parameters, one by one; what has no name, as in vCard 2.1, is a TYPE."""
    if ";" not in head:
        return
    for match in _PARAMETER.finditer(head):
        name, value = match[1].upper(), match[2]
        if value is None:
            yield "TYPE", match[1]
            continue
        yield from ((name, each.strip()) for each in value.replace('"', "").split(","))
