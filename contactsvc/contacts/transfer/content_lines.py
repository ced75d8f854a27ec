"""The content lines that a contact keeps for what has no field, or no room in one."""

from collections.abc import Iterable
from typing import Final

from contactsvc.contacts.transfer import texts
from contactsvc.contacts.transfer.records import Remark
from contactsvc.contacts.vcard.text import escape

MAX_EXTRA: Final = 512 * 1024
"""Characters of all content lines that are kept of one contact."""

PREFIX: Final = "X-CONTACTSVC-"
"""Begins the names of our own content lines; behind it stands the field that had no room."""


def own_line(kind: str, text: str, label: str = "") -> str:
    """Return a content line that keeps what a field has no room for.

    Args:
        kind: The field.
        text: Its value.
        label: What stands before the value.
    """
    whole = f"{label}: {text}" if label else text
    value = texts.one_line(escape(whole[:MAX_EXTRA]))
    return f"{PREFIX}{kind.replace('_', '-').upper()}:{value}"


def within_bounds(lines: Iterable[str]) -> tuple[list[str], int]:
    """Return those lines that have room in MAX_EXTRA, first come first served; count the others."""
    kept, room, left_out = [], MAX_EXTRA, 0
    for line in lines:
        if len(line) < room:
            room -= len(line) + 1
            kept.append(line)
        else:
            left_out += 1
    return kept, left_out


def left_out_remark(line: int, left_out: int) -> Remark:
    """Return what is told of lines that had no room.

    Args:
        line: The line on which the contact begins.
        left_out: How many they are.
    """
    detail = f"There is room for {MAX_EXTRA} characters that have no field"
    return Remark(line, "", f"{detail}: lines left out: {left_out}.")
