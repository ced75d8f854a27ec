"""What is read of a request's XML."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from contactsvc.contacts.dav.address_data import AddressData
from contactsvc.contacts.dav.errors import Refused
from contactsvc.contacts.dav.requests import (
    Multiget,
    Query,
    Report,
    SyncCollection,
    read_propertyupdate,
    read_propfind,
    read_report,
)
from contactsvc.contacts.dav.selection import Selection
from contactsvc.platform.errors import MalformedBody, PayloadTooLarge
from tests.contacts.dav.support import (
    DATA,
    NAMESPACES,
    D,
    multiget,
    propfind,
    props,
    query,
    sync,
)


def found(content: str) -> Selection:
    xml = f"<d:propfind {NAMESPACES}>{content}</d:propfind>"
    return read_propfind(fromstring(xml), is_brief=False)


def report(xml: str) -> Report:
    return read_report(fromstring(xml), is_brief=False)


def test_properties_by_name() -> None:
    wanted = read_propfind(fromstring(propfind("d:getetag", "cs:x", "d:getetag")), is_brief=True)

    assert wanted.names == (f"{D}getetag", "{http://calendarserver.org/ns/}x")
    assert wanted.is_brief


def test_all_properties() -> None:
    assert found("<d:allprop/>").names is None
    assert read_propfind(None, is_brief=False).names is None  # RFC 4918, 9.1
    more = found("<d:allprop/><d:include><d:sync-token/></d:include>")
    assert more.included == (f"{D}sync-token",)


def test_names_of_properties() -> None:
    assert found("<d:propname/>").names_only


@pytest.mark.parametrize("root", [Element("x"), Element("propfind"), Element(f"{D}prop")])
def test_what_is_no_propfind_is_refused(root: Element) -> None:
    with pytest.raises(MalformedBody):
        read_propfind(root, is_brief=False)


@pytest.mark.parametrize("names", [[f"d:a{n}" for n in range(201)], ["d:" + "a" * 9000]])
def test_too_many_properties(names: list[str]) -> None:
    with pytest.raises(PayloadTooLarge):
        found(props(*names))
    with pytest.raises(PayloadTooLarge):
        found(f"<d:allprop/><d:include>{''.join(f'<{name}/>' for name in names)}</d:include>")


def test_multiget() -> None:
    asked = report(multiget("/a.vcf", "/b.vcf"))

    assert isinstance(asked, Multiget)
    assert asked.hrefs == ["/a.vcf", "/b.vcf"]
    assert asked.wanted.names == (f"{D}getetag", DATA)
    assert asked.wanted.address_data == AddressData("3.0")
    assert asked.wanted.needs_text


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ('version="4.0"', AddressData("4.0")),
        ('content-type="text/vcard" version="3.0"', AddressData("3.0")),
        ('content-type="text/vcard"', AddressData("3.0")),
    ],
)
def test_the_version_of_cards(data: str, expected: AddressData) -> None:
    asked = report(multiget("/a", asked=f"<d:prop><card:address-data {data}/></d:prop>"))

    assert asked.wanted.address_data == expected


def test_parts_of_cards() -> None:
    inner = '<card:prop name="FN"/><card:prop name="email"/><card:prop/>'
    data = f"<d:prop><card:address-data>{inner}</card:address-data></d:prop>"
    asked = report(multiget("/a", asked=data))

    assert asked.wanted.address_data == AddressData("3.0", frozenset({"FN", "EMAIL"}))


@pytest.mark.parametrize(
    "data", ['version="2.1"', 'version=""', 'content-type="application/vcard+xml"']
)
def test_another_kind_of_cards_is_refused(data: str) -> None:
    with pytest.raises(Refused, match="supported-address-data"):
        report(multiget("/a", asked=f"<d:prop><card:address-data {data}/></d:prop>"))


def test_query() -> None:
    asked = report(query())
    assert asked == Query(Selection((f"{D}getetag",)), None, None)

    limited = report(
        query(
            '<card:filter><card:prop-filter name="FN"/></card:filter>'
            "<card:limit><card:nresults>10</card:nresults></card:limit>"
        )
    )
    assert isinstance(limited, Query)
    assert limited.limit == 10
    assert limited.filter is not None
    assert len(limited.filter.tests) == 1


def test_sync_collection() -> None:
    assert report(sync()) == SyncCollection(Selection((f"{D}getetag",)), "", None)
    assert report(sync(" a:b\n", 5)) == SyncCollection(Selection((f"{D}getetag",)), "a:b", 5)


@pytest.mark.parametrize("limit", ["", "-1", "x", "1.5", "9" * 10, "٣"])
def test_a_limit_that_is_none_is_refused(limit: str) -> None:
    xml = sync(limit=1).replace(">1</d:nresults>", f">{limit}</d:nresults>")
    with pytest.raises(MalformedBody):
        report(xml)


def test_a_limit_that_admits_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="number-of-matches-within-limits"):
        report(sync(limit=0))


def test_another_report_is_refused() -> None:
    for xml in ('<expand-property xmlns="DAV:"/>', "<x/>"):
        with pytest.raises(Refused, match="supported-report"):
            report(xml)
    with pytest.raises(MalformedBody):
        read_report(None, is_brief=False)


def test_changes_of_properties_in_their_order() -> None:
    root = fromstring(
        f"<d:propertyupdate {NAMESPACES}><d:set><d:prop><d:displayname>x</d:displayname></d:prop>"
        "</d:set><d:remove><d:prop><cs:me-card/></d:prop></d:remove></d:propertyupdate>"
    )
    (first, value), (second, removed) = read_propertyupdate(root).changes

    assert (first, second) == (f"{D}displayname", "{http://calendarserver.org/ns/}me-card")
    assert value is not None
    assert value.text == "x"
    assert removed is None


@pytest.mark.parametrize(
    "root", [None, Element("x"), Element(f"{D}propertyupdate"), fromstring(propfind("d:x"))]
)
def test_what_changes_nothing_is_refused(root: Element | None) -> None:
    with pytest.raises(MalformedBody):
        read_propertyupdate(root)
