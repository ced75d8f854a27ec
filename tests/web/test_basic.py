"""User name and password are read as RFC 7617 has them, and nothing else passes for them."""

import base64

import pytest
from aiohttp.test_utils import make_mocked_request

from contactsvc.web.basic import BasicCredentials, basic_of


def credentials(header: str | None) -> BasicCredentials | None:
    headers = {} if header is None else {"Authorization": header}
    return basic_of(make_mocked_request("GET", "/", headers))


def encoded(text: bytes) -> str:
    return base64.b64encode(text).decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"a:b", ("a", "b")),
        (b"a:b:c", ("a", "b:c")),
        (b":", ("", "")),
        (b"a:", ("a", "")),
        (b":b", ("", "b")),
        ("Ґ:é".encode(), ("Ґ", "é")),
        (b"a\0:b", ("a\0", "b")),
    ],
)
def test_they_are_read(text: bytes, expected: tuple[str, str]) -> None:
    for scheme in ("Basic", "basic", "BASIC"):
        assert credentials(f"{scheme} {encoded(text)}") == expected
    assert credentials(f"Basic  {encoded(text)} ") == expected


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "Basic", "Basic ", "a:b", "Basic !!!!", "Basic YTp"),
        "Basic \u00e4",
        f"Bearer {encoded(b'a:b')}",
        f"Basic{encoded(b'a:b')}",
        f"Basic {encoded(b'no colon')}",
        f"Basic {encoded(bytes([0xFF, 0x3A]))}",
        f"Basic {encoded(b'a:b')}\u00a0{encoded(b'a:b')}",
    ],
)
def test_what_cannot_be_read_is_nobodys(header: str | None) -> None:
    assert credentials(header) is None
