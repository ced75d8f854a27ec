"""What the bytes of a content line say: characters, and the encodings that a value is in."""

import binascii
import codecs
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from contactsvc.contacts.vcard.heads import Head
from contactsvc.platform.text.windows import codec_of

URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}:")

_CHARSETS: Final = frozenset(
    (
        "ascii",
        "utf-8",
        "iso8859-1",
        "iso8859-2",
        "iso8859-3",
        "iso8859-4",
        "iso8859-5",
        "iso8859-6",
        "iso8859-7",
        "iso8859-8",
        "iso8859-9",
        "iso8859-10",
        "iso8859-11",
        "iso8859-13",
        "iso8859-14",
        "iso8859-15",
        "iso8859-16",
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "cp437",
        "cp850",
        "cp852",
        "cp866",
        "cp874",
        "cp932",
        "cp949",
        "cp950",
        "koi8-r",
        "koi8-u",
        "mac-roman",
        "shift_jis",
        "euc_jp",
        "iso2022_jp",
        "euc_kr",
        "gb2312",
        "gbk",
        "gb18030",
        "big5",
    )
)
"""The codecs that a file may ask for: each takes linear time, and gives text."""

_DATA: Final = re.compile(r"data:([^,]{0,200}),", re.IGNORECASE)
_NO_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")
_MAGIC: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


def decoded(line: bytes, codec: str | None = None) -> str:
    """Return a line as text: UTF-8, or else in the character set of Windows.

    Args:
        line: The line.
        codec: What the lines around it tell of it, if it is not UTF-8; None if there are none.
    """
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = _in_windows(line, codec or codec_of(line))
    return text.replace("\0", "") if "\0" in text else text


def _in_windows(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:  # a few bytes have no character
        return data.decode("latin-1")


def encoded_value(value: bytes, head: Head) -> str:
    """Return the value of a line that has an encoding or a character set of its own."""
    if head.encoding == "Q":
        value = binascii.a2b_qp(value)
    charset = _codec(head.charset)
    try:
        text = value.decode(charset) if charset else decoded(value)
    except UnicodeDecodeError:
        text = decoded(value)
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def _codec(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name if charset else ""
    except (LookupError, ValueError):
        return None
    return name if name in _CHARSETS else None


def from_base64(text: str) -> bytes:
    """Return what a text in base64 stands for; line ends, white space and padding do not matter.

    Raises:
        ValueError: It is no base64.
    """
    text = _NO_BASE64.sub("", text) if not text.isalnum() else text
    if len(text) % 4 == 1:
        raise ValueError("The line is cut off.")
    return binascii.a2b_base64(text + "=" * (-len(text) % 4))


def from_data_uri(uri: str) -> tuple[str, bytes] | None:
    """Return the media type and the bytes of a ``data:`` URI (RFC 2397); None if it is none.

    Raises:
        ValueError: What it says is no base64.
    """
    match = _DATA.match(uri)
    if match is None:
        return None
    media_type, *parameters = match[1].lower().split(";")
    content = uri[match.end() :]
    data = from_base64(content) if "base64" in parameters else unquote_to_bytes(content)
    return media_type.strip(), data


def media_type_of(data: bytes) -> str:
    """Return the media type of an image by its first bytes; empty if they tell none."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")
