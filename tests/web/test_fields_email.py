"""Which e-mail addresses are taken, and in what form."""

from typing import Any

import email_validator
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.web.fields import Email
from tests.support.fields import NO_TEXT, refused


def local(length: int) -> str:
    return "a" * length


DOMAIN = ".".join(["d" * 60] * 3) + ".com"  # 186 characters


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("ada@example.com", "ada@example.com"),
        (" ada@example.com ", "ada@example.com"),
        ("Ada.Lovelace+x@EXAMPLE.com", "Ada.Lovelace+x@example.com"),
        ("o'neil@example.com", "o'neil@example.com"),
        ("zoe\u0308@example.com", "zo\u00eb@example.com"),
        ("ada@bücher.example", "ada@bücher.example"),
        ("ada@xn--bcher-kva.example", "ada@bücher.example"),
        ("ada@printer.local", "ada@printer.local"),
        (f"{local(64)}@{DOMAIN}", f"{local(64)}@{DOMAIN}"),
    ],
)
def test_email(given_: str, kept: str) -> None:
    assert Email().deserialize(given_) == kept


@pytest.mark.parametrize(
    "value",
    [
        *NO_TEXT,
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@@example.com",
        "ada@example",
        "ada@example..com",
        ".ada@example.com",
        "ada.@example.com",
        "a da@example.com",
        "ada@exa mple.com",
        "ada@example.com, bob@example.com",
        "Ada <ada@example.com>",
        "ada@example.com\nBcc: all@example.com",
        "ada@[127.0.0.1]",
        "ada\0@example.com",
        "ada\ud800@example.com",
        f"{local(64)}@{'d' * 5}.{DOMAIN}",
        f"{local(255)}@example.com",
        f"{local(100_000)}@example.com",
        f"{'é' * 64}@{DOMAIN}",
    ],
)
def test_email_refuses(value: Any) -> None:
    refused(Email(), value)


ORDINARY = st.from_regex(r"[a-z0-9_+.-]{1,70}@[a-z0-9.-]{1,70}\.[a-z0-9-]{1,10}", fullmatch=True)


@given(ORDINARY)
def test_an_ordinary_email_is_taken_as_email_validator_would(text: str) -> None:
    try:
        kept = email_validator.validate_email(text, check_deliverability=False).normalized
    except email_validator.EmailNotValidError:
        refused(Email(), text)
    else:
        assert Email().deserialize(text) == kept


def test_an_email_may_be_as_long_as_its_column_and_no_longer() -> None:
    assert len(Email().deserialize(f"{local(64)}@aa.{DOMAIN}")) == 254
    refused(Email(), f"{local(64)}@aaa.{DOMAIN}")


def test_an_email_that_grows_in_normalising_does_not_outgrow_its_column() -> None:
    # U+FB2C becomes three characters in NFC.
    refused(Email(), f"{chr(0xFB2C) * 60}@{DOMAIN}")
