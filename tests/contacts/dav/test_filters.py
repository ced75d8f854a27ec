"""Which cards a query lets through."""

from xml.etree.ElementTree import fromstring

import pytest

from contactsvc.contacts.dav.errors import Refused
from contactsvc.contacts.dav.filters import Filter, read_filter
from contactsvc.platform.errors import MalformedBody, PayloadTooLarge

CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\n"
    "EMAIL;TYPE=WORK,PREF:ada@example.com\r\nitem1.EMAIL;TYPE=home:a.l@example.org\r\n"
    'TEL;type="cell,voice";X-A=b:+44 20\r\nNOTE:one\\, two and\r\n  three\r\nORG:Größe;Ґудзик\r\n'
    "TEL;FAX:1\r\nno content line\r\nEND:VCARD\r\n"
).encode()


def read(content: str, test: str = "") -> Filter:
    xml = f'<filter xmlns="urn:ietf:params:xml:ns:carddav" {test}>{content}</filter>'
    return read_filter(fromstring(xml))


def prop(name: str, content: str = "", test: str = "") -> str:
    return f'<prop-filter name="{name}" {test}>{content}</prop-filter>'


def param(name: str, content: str = "") -> str:
    return f'<param-filter name="{name}">{content}</param-filter>'


def match(text: str, **attributes: str) -> str:
    written = " ".join(f'{k.replace("_", "-")}="{v}"' for k, v in attributes.items())
    return f"<text-match {written}>{text}</text-match>"


NOT_DEFINED = "<is-not-defined/>"
ALL, ANY = 'test="allof"', 'test="anyof"'


@pytest.mark.parametrize(
    ("content", "admitted"),
    [
        ("", True),
        (prop("EMAIL"), True),
        (prop("email"), True),
        (prop("URL"), False),
        (prop("URL", NOT_DEFINED), True),
        (prop("EMAIL", NOT_DEFINED), False),
        (prop("FN", match("LOVE")), True),
        (prop("FN", match("hate")), False),
        (prop("FN", match("hate", negate_condition="yes")), True),
        (prop("FN", match("love", negate_condition="yes")), False),
        (prop("FN", match("ada lovelace", match_type="equals")), True),
        (prop("FN", match("ada", match_type="equals")), False),
        (prop("FN", match("ada", match_type="starts-with")), True),
        (prop("FN", match("lovelace", match_type="starts-with")), False),
        (prop("FN", match("LACE", match_type="ends-with")), True),
        (prop("FN", match("Ada", match_type="ends-with")), False),
        (prop("FN", match("ada", collation="i;octet")), False),
        (prop("FN", match("Ada", collation="i;octet")), True),
        (prop("FN", match("ADA", collation="i;ascii-casemap")), True),
        (prop("ORG", match("ґУДЗИК")), True),
        (prop("ORG", match("ґУДЗИК", collation="i;ascii-casemap")), False),
        (prop("ORG", match("GRÖSSE", collation="i;unicode-casemap")), True),
        (prop("NOTE", match("one, two and three")), True),
        (prop("EMAIL", match("example.org")), True),
        (prop("EMAIL", param("TYPE", match("home"))), True),
        (prop("EMAIL", param("TYPE", match("pref"))), True),
        (prop("EMAIL", param("TYPE", match("other"))), False),
        (prop("EMAIL", param("TYPE", NOT_DEFINED)), False),
        (prop("EMAIL", param("X-A", NOT_DEFINED)), True),
        (prop("TEL", param("X-A")), True),
        (prop("TEL", param("X-B")), False),
        (prop("TEL", param("TYPE", match("cell", match_type="equals"))), True),
        (prop("TEL", param("TYPE", match("fax"))), True),
        (prop("EMAIL", match("example.com") + param("TYPE", match("home")), ALL), False),
        (prop("EMAIL", match("example.com") + param("TYPE", match("work")), ALL), True),
        (prop("EMAIL", match("example.com") + param("TYPE", match("other")), ANY), True),
        (prop("FN", match("ada") + match("lace"), ALL), True),
        (prop("FN", match("ada") + match("x"), ALL), False),
        (prop("FN", match("ada") + match("x")), True),
    ],
)
def test_of_one_property(content: str, admitted: bool) -> None:
    assert read(content).admits(CARD) is admitted


def test_of_several_properties() -> None:
    there, missing = prop("EMAIL"), prop("URL")

    assert read(there + missing).admits(CARD)
    assert read(there + missing, ANY).admits(CARD)
    assert not read(there + missing, ALL).admits(CARD)
    assert read(there + prop("FN"), ALL).admits(CARD)


@pytest.mark.parametrize("content", [match("x", collation="i;nonsense"), match("x", collation="")])
def test_an_unknown_collation_is_refused(content: str) -> None:
    with pytest.raises(Refused, match="supported-collation"):
        read(prop("FN", content))


@pytest.mark.parametrize(
    "content",
    [
        prop(""),
        prop("FN", test='test="x"'),
        prop("FN", match("x", match_type="regex")),
        prop("FN", match("x", negate_condition="maybe")),
        prop("FN", param(" ")),
    ],
)
def test_a_test_that_is_none_is_refused(content: str) -> None:
    with pytest.raises(MalformedBody):
        read(content)


@pytest.mark.parametrize(
    "content", [prop("FN") * 51, prop("FN", match("x") * 50), prop("FN", match("x" * 1001))]
)
def test_what_would_cost_much_is_refused(content: str) -> None:
    with pytest.raises(PayloadTooLarge):
        read(content)


def test_a_card_that_is_none_lets_nothing_fail() -> None:
    for card in (b"", b"\xff\xfe", b":", b";;;:x", b'A;B="' + b"x" * 10_000, b";" * 10_000):
        assert not read(prop("FN", match("a"))).admits(card)
