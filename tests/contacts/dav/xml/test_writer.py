"""What is written is read back as it was, whatever is in it."""

from xml.etree.ElementTree import fromstring

import pytest

from contactsvc.contacts.dav.xml.writer import (
    MULTISTATUS,
    MULTISTATUS_END,
    element,
    error,
    propstat,
    response,
    status,
    text,
)

CARDDAV = "urn:ietf:params:xml:ns:carddav"


def written(content: str) -> str:
    return f"{MULTISTATUS}{content}{MULTISTATUS_END}"


@pytest.mark.parametrize(
    "value",
    ["", "a & b < c > d", "]]>", "BEGIN:VCARD\r\nVERSION:3.0\r\n\tfolded\n", "Ґ\U0001f600\u2028"],
)
def test_a_text_is_read_back_as_it_was(value: str) -> None:
    assert fromstring(f"<a>{text(value)}</a>").text == (value or None)


def test_what_xml_cannot_say_is_left_out() -> None:
    value = "a\x00b\x08c\x1fd\ud800e\uffff\ufffef"

    assert fromstring(f"<a>{text(value)}</a>").text == "abcdef"


@pytest.mark.parametrize(
    "name",
    [
        "{DAV:}getetag",
        f"{{{CARDDAV}}}address-data",
        "{http://calendarserver.org/ns/}getctag",
        "{http://example.com/?a=1&b=\"2'}strange",
        "without-a-namespace",
    ],
)
def test_an_element_keeps_its_name(name: str) -> None:
    root = fromstring(written(element(name) + element(name, "<d:href>x</d:href>")))

    assert [each.tag for each in root] == [name, name]
    assert root[1][0].text == "x"


def test_an_answer() -> None:
    found = propstat(status("200 OK"), element("{DAV:}getetag", text('"1"')))
    root = fromstring(written(response("/a&b", found)))

    assert root.tag == "{DAV:}multistatus"
    assert root.findtext("{DAV:}response/{DAV:}href") == "/a&b"
    assert root.findtext("{DAV:}response/{DAV:}propstat/{DAV:}prop/{DAV:}getetag") == '"1"'
    assert root.findtext("{DAV:}response/{DAV:}propstat/{DAV:}status") == "HTTP/1.1 200 OK"


def test_an_error() -> None:
    root = fromstring(error("<card:max-resource-size/>"))

    assert root.tag == "{DAV:}error"
    assert root[0].tag == f"{{{CARDDAV}}}max-resource-size"
