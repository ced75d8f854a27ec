"""Characters and encodings: what a file says, and what it only claims."""

import base64

import pytest

from contactsvc.contacts.vcard.heads import read_head
from contactsvc.contacts.vcard.values import (
    decoded,
    encoded_value,
    from_base64,
    from_data_uri,
    media_type_of,
)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Зоя".encode(), "Зоя"),
        (b"Caf\xe9 \x96", "Café –"),
        (b"\x81\xe9", "\x81é"),
        (b"a\0b", "ab"),
    ],
)
def test_a_line_is_utf_8_or_else_windows_1252(line: bytes, text: str) -> None:
    assert decoded(line) == text


@pytest.mark.parametrize(
    ("head", "value", "text"),
    [
        ("N;CHARSET=UTF-8;QUOTED-PRINTABLE", b"=D0=97=0D=0A=D1=8F", "З\nя"),
        ("N;CHARSET=windows-1251", "Зоя".encode("cp1251"), "Зоя"),
        ("N;CHARSET=Shift_JIS;QUOTED-PRINTABLE", b"=93=FA=96{", "日本"),
        ("N;QUOTED-PRINTABLE", b"Caf=E9", "Café"),
        ("N;CHARSET=utf-8", b"Caf\xe9", "Café"),
        ("N;CHARSET=nonsense", b"a", "a"),
        ("N;CHARSET=punycode", b"a-b", "a-b"),
        ("N;CHARSET=rot13", b"a", "a"),
        ("N;CHARSET=unicode_escape", rb"\ud800", r"\ud800"),
        ("N;QUOTED-PRINTABLE", b"=ZZ=4=00", "=ZZ=4"),
    ],
)
def test_a_value_may_have_an_encoding_of_its_own(head: str, value: bytes, text: str) -> None:
    assert encoded_value(value, read_head(head)) == text


@pytest.mark.parametrize("text", ["QUJDRA==", "QUJDRA", " QUJD\n RA= =", "QUJD-RA"])
def test_base64_is_read_as_loosely_as_it_is_written(text: str) -> None:
    assert from_base64(text) == b"ABCD"


def test_base64_that_is_cut_off_is_none() -> None:
    with pytest.raises(ValueError, match="cut off"):
        from_base64("QUJDR")


def test_data_stands_in_a_uri() -> None:
    content = base64.b64encode(b"picture").decode()

    assert from_data_uri(f"DATA:Image/PNG;base64,{content}") == ("image/png", b"picture")
    assert from_data_uri("data:,a%20b") == ("", b"a b")
    assert from_data_uri("https://a.example/b,c") is None


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n", "image/png"),
        (b"RIFF1234WEBPVP8", "image/webp"),
        (b"GIF89a", "image/gif"),
        (b"nothing", ""),
    ],
)
def test_an_image_is_told_by_its_first_bytes(data: bytes, media_type: str) -> None:
    assert media_type_of(data) == media_type
