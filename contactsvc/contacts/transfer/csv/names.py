"""A name in one piece beside others."""

from collections.abc import Mapping
from typing import Any, Final

_PARTS: Final = ("prefix", "first_name", "middle_name", "last_name", "suffix", "nickname")
_OTHERS: Final = ("organization", "title", "department")


def is_said(text: str, fields: Mapping[str, Any], values: set[str]) -> bool:
    """Return whether a name says nothing that other fields do not.

    Args:
        text: The name.
        fields: The fields of the contact.
        values: Its e-mails and phones.
    """
    if text in values or text in (fields.get(name) for name in _OTHERS):
        return True
    words = set(_words(" ".join(fields.get(name) or "" for name in _PARTS)))
    return bool(words) and words.issuperset(_words(text))


def _words(text: str) -> list[str]:
    return text.casefold().replace(",", " ").split()
