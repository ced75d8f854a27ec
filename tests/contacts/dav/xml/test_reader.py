"""What is read of XML, and what is refused before it costs anything."""

import threading
import weakref
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

import pytest

from contactsvc.contacts.dav.xml import reader
from contactsvc.contacts.dav.xml.reader import MAX_ELEMENTS, MAX_TOKEN, read_xml
from contactsvc.platform.errors import MalformedBody, PayloadTooLarge

MIB = 1024**2
DECLARED = '<?xml version="1.0" encoding="{}"?>'


async def root_of(body: bytes) -> Element | None:
    return await read_xml(body, lambda root: root)


async def text_of(body: bytes) -> str | None:
    root = await root_of(body)
    assert root is not None
    return root.text


@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
async def test_no_body_is_none(body: bytes) -> None:
    assert await root_of(body) is None


@pytest.mark.parametrize(
    "body",
    [
        b'<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>',
        b'<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>',
        b'\n  <x:propfind xmlns:x="DAV:"><!-- a --><x:prop><x:getetag></x:getetag></x:prop>'
        b"</x:propfind>\n",
    ],
)
async def test_prefixes_do_not_matter(body: bytes) -> None:
    root = await root_of(body)

    assert root is not None
    assert [each.tag for each in root.iter()] == ["{DAV:}propfind", "{DAV:}prop", "{DAV:}getetag"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "koi8-u"])
async def test_encodings(encoding: str) -> None:
    word = "Größe" if encoding == "iso-8859-1" else "Ґудзик"
    assert await text_of(f"{DECLARED.format(encoding)}<a>{word}</a>".encode(encoding)) == word


async def test_the_five_entities_and_references() -> None:
    assert await text_of(b"<a>&lt;&gt;&amp;&quot;&apos;&#1168;&#x490;</a>") == "<>&\"'ҐҐ"


BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>',
    b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>',
    b"<!DOCTYPE a><a/>",
)


@pytest.mark.parametrize("body", BOMB, ids=["laughs", "file", "network", "empty"])
async def test_a_document_type_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedBody):
        await root_of(body)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<a>&nbsp;</a>",
        b"<a>\x00</a>",
        b"<a>\xff</a>",
        b"<d:a/>",
        DECLARED.format("nonsense").encode() + b"<a/>",
        DECLARED.format("utf-7").encode() + b"<a/>",
        DECLARED.format("shift_jis").encode() + b"<a/>",
        DECLARED.format("utf-16").encode() + b"<a/>",
    ],
)
async def test_what_is_no_xml_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedBody):
        await root_of(body)


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


@pytest.mark.parametrize(
    "body",
    [
        nested(33),
        nested(1000),
        b"<a " + b" ".join(b'a%d=""' % n for n in range(33)) + b"/>",
        b'<a xmlns="' + b"x" * 257 + b'"/>',
        b'<a b="' + b"x" * MIB + b'"/>',
        b"<a " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>",
        b"<" + b"a" * MIB + b"/>",
        b"<a><!--" + b"x" * MIB + b"--></a>",
        b"<a><" + b"x" * MIB,
        b'<a b="' + b">" * MIB + b'"/>',
    ],
    ids=[
        "depth",
        "deeper",
        "attributes",
        "namespace",
        "attribute",
        "many attributes",
        "name",
        "comment",
        "unfinished",
        "pointed",
    ],
)
async def test_what_would_cost_much_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedBody):
        await root_of(body)


async def test_what_is_within_the_limits_is_read() -> None:
    for body in (nested(32), b'<a b="' + b"x" * (MAX_TOKEN - 100) + b'"/>', b'<a xmlns="x:y"/>'):
        assert await root_of(body) is not None
    assert await text_of(b"<a>" + b"x" * MIB + b"</a>") == "x" * MIB


async def test_the_number_of_elements_is_limited() -> None:
    def body(count: int) -> bytes:
        return b"<a>" + b"<b/>" * (count - 1) + b"</a>"

    assert await root_of(body(MAX_ELEMENTS)) is not None
    with pytest.raises(PayloadTooLarge):
        await root_of(body(MAX_ELEMENTS + 1))


@pytest.mark.parametrize("content", [b"<b/>", b"<b/>" * (MAX_ELEMENTS - 1)], ids=["few", "many"])
async def test_many_elements_do_not_keep_others_waiting(
    monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    """They are parsed, read and freed in a thread."""
    own, seen, start = threading.get_ident(), dict[str, int](), TreeBuilder.start

    def note(what: str) -> None:
        seen[what] = threading.get_ident()

    def starting(builder: TreeBuilder, *args: Any) -> Element:
        note("parsed")
        return start(builder, *args)

    def read(root: Element | None) -> int:
        assert root is not None
        note("read")
        weakref.finalize(root, note, "freed")
        return len(root)

    monkeypatch.setattr(reader._BoundedBuilder, "start", starting)
    count = await read_xml(b"<a>" + content + b"</a>", read)
    assert seen.keys() == {"parsed", "read", "freed"}
    assert {thread == own for thread in seen.values()} == {count == 1}
