"""Addresses: what mail servers take, and nothing that could break out of a header."""

import pytest

from contactsvc.mail.addresses import mailbox, recipient
from contactsvc.mail.sender import PermanentFailure


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada.Lovelace+x@Example.COM", "Ada.Lovelace+x@Example.COM"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("ada@localhost", "ada@localhost"),
        ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
        ("ada@ПРИМЕР.example", "ada@xn--e1afmkfd.example"),
        ("ädä@example.com", "ädä@example.com"),
    ],
)
def test_the_domain_becomes_ascii_and_the_rest_stays(address: str, expected: str) -> None:
    assert recipient(address).addr_spec == expected


BREAKING_OUT = [
    "ada@example.com\r\nBcc: eve@example.com",
    "ada@example.com\nBcc: eve@example.com",
    "ada\r\n@example.com",
    "ada@example.com\x00",
    "ada@example.com, eve@example.com",
    "ada@example.com>, <eve@example.com",
    "Ada <ada@example.com>",
    "ada@example.com (eve@example.com)",
    "ada eve@example.com",
    "ada@example.com SIZE=1",
    "ada\u2028@example.com",
    '"ada@example.com"@eve.example.com',
]


@pytest.mark.parametrize("address", BREAKING_OUT)
def test_nothing_breaks_out(address: str) -> None:
    with pytest.raises(PermanentFailure) as failure:
        recipient(address)
    assert "example" not in str(failure.value)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "ada",
        "ada@",
        "@example.com",
        "a..b@example.com",
        "ada@-x",
        "ada@x..y",
        "a@ü\u200d.",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(PermanentFailure):
        recipient(address)


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("post@example.com", "", "post@example.com"),
        ("Contacts <post@example.com>", "Contacts", "post@example.com"),
        ('"Müller, Sohn" <post@example.com>', "Müller, Sohn", "post@example.com"),
    ],
)
def test_a_sender_may_have_a_name(text: str, name: str, address: str) -> None:
    parsed = mailbox(text)
    assert (parsed.display_name, parsed.addr_spec) == (name, address)


@pytest.mark.parametrize(
    "text", ["", "Contacts", "a@b.example, c@d.example", "x\r\nBcc: y@z.example <a@b.example>"]
)
def test_a_sender_is_one_address(text: str) -> None:
    with pytest.raises(PermanentFailure):
        mailbox(text)
