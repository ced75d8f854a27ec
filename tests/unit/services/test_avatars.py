"""Initials: two capitals at the most, whatever the name is."""

import pytest

from contactsvc.services.avatars import initials


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Grace Hopper", "GH"),
        ("grace brewster murray hopper", "GH"),
        ("Grace", "G"),
        ("  Grace   Hopper  ", "GH"),
        ("", "X"),
        (" \u00a0 ", "X"),
        ("<script> \x01 \ufffe", "S"),
        ("(Dr.) Åsa Öberg", "DÖ"),
        ("王 小明", "王小"),
        ("ßeta ﬃ", "SF"),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name, "x@example.com") == expected


def test_an_e_mail_without_letters() -> None:
    assert initials("", "_@-.-") == "?"
