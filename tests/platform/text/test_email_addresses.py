"""E-mail addresses in their normal form; tests/web/test_fields_email.py has what is refused."""

import pytest

from contactsvc.platform.text.email_addresses import ORDINARY, normalised


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada@EXAMPLE.com", "Ada@example.com"),
        ("ada@xn--bcher-kva.example.com", "ada@bücher.example.com"),
        ("ada@printer.local", "ada@printer.local"),
    ],
)
def test_an_address_has_one_form(text: str, normal: str) -> None:
    assert normalised(text) == normal
    assert normalised(normal) == normal


@pytest.mark.parametrize("text", ["", "ada", "ada@example", "ada@example..com"])
def test_what_is_no_address_is_refused(text: str) -> None:
    assert ORDINARY.fullmatch(text) is None
    with pytest.raises(ValueError, match=r"\w"):
        normalised(text)
