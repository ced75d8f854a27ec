"""The content lines that a contact keeps for what has no field, or no room in one."""

from base64 import b64encode
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
    lines = list(lines)
    if sum(map(len, lines)) + len(lines) <= MAX_EXTRA:
        return lines, 0
    kept, room, left_out = [], MAX_EXTRA, 0
    for line in lines:
        if len(line) < room:
            room -= len(line) + 1
            kept.append(line)
        else:
            left_out += 1
    return kept, left_out


def with_photo(lines: Iterable[str], start: str, photo: bytes) -> list[str] | None:
    """Return content lines with that of a photo that cannot be drawn, by which exports have it.

    Args:
        lines: The lines that the contact keeps besides.
        start: The line of the photo up to its base64; empty if there is none.
        photo: Its bytes.

    Returns:
        The lines, or None where the photo has no room among them.
    """
    if not start or len(photo) > MAX_EXTRA:
        return None
    kept, left_out = within_bounds([*lines, start + b64encode(photo).decode()])
    return None if left_out else kept


def left_out_remark(line: int, left_out: int) -> Remark:
    """Return what is told of lines that had no room.

    Args:
        line: The line on which the contact begins.
        left_out: How many they are.
    """
    detail = f"There is room for {MAX_EXTRA} characters that have no field"
    return Remark(line, "", f"{detail}: lines left out: {left_out}.")
