"""Texts of files, repaired rather than refused: each becomes what the schemas would take."""

import datetime as dt
import functools
import re
import unicodedata
from contextlib import suppress
from typing import Final

from marshmallow import ValidationError, fields

from contactsvc.contacts.schemas.limits import TEXT_MAX_LENGTH
from contactsvc.platform.clock import today
from contactsvc.platform.text import email_addresses, phone_numbers
from contactsvc.platform.text.characters import (
    CONTROL,
    CONTROL_IN_LINE,
    longest_run_of_marks,
    nothing_visible,
)
from contactsvc.web.date_fields import EARLIEST_ZONE, Birthday, YearlessDate
from contactsvc.web.fields import (
    EMAIL_MAX_LENGTH,
    MAX_COMBINING_MARKS,
    NFC_MAX_SHRINK,
    Email,
    Phone,
)

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LINE_END: Final = re.compile("[\0\r\n]+")
_DATE_TOO_LONG: Final = 100
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONG_PAST: Final = dt.date(2026, 1, 1)
"""Days before it need no clock to be known as past."""
_EMAIL, _PHONE, _DATE, _BIRTHDAY = Email(), Phone(), YearlessDate(), Birthday()


def plain(text: str, max_length: int, *, several_lines: bool = False, trim: bool = True) -> str:
    """Return a text as PlainText takes it, but for its length.

    What no text may have becomes a space or U+FFFD; where nothing is visible, the text is empty.

    Args:
        text: What a file says.
        max_length: The most characters that will be kept: of a text that is far longer, only so
            much is looked at that it is still too long.
        several_lines: Whether line ends are kept.
        trim: Whether white space around the text is removed.
    """
    if trim:
        text = text.strip()
    if text.isascii() and text.isprintable():
        return text if trim or not text.isspace() else ""
    text = text[: NFC_MAX_SHRINK * max_length + 1]
    refused = CONTROL_IN_LINE if several_lines else CONTROL
    text = refused.sub(" ", text)
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
        if longest_run_of_marks(text) > MAX_COMBINING_MARKS:
            text = _with_fewer_marks(text)
        text = unicodedata.normalize("NFC", text)
    if nothing_visible(text):
        return ""
    return text.strip() if trim else text


def one_line(text: str) -> str:
    """Return a content line as JSON in PostgreSQL can hold it, without line ends."""
    if text.isascii() and text.isprintable():
        return text
    return _LINE_END.sub(" ", _SURROGATE.sub("\ufffd", text))


def value(text: str) -> str | None:
    """Return a text of at most TEXT_MAX_LENGTH characters; None if it is longer or empty."""
    kept = plain(text, TEXT_MAX_LENGTH)
    return kept if 0 < len(kept) <= TEXT_MAX_LENGTH else None


def email(text: str) -> str | None:
    """Return an e-mail address as it is kept; None if it is none."""
    text = text.strip()
    if email_addresses.ORDINARY.fullmatch(text):
        return text
    if text[:7].lower() == "mailto:":
        text = text[7:]
    return _email(text) if len(text) <= EMAIL_MAX_LENGTH else None


@functools.lru_cache(1024)  # that of a company stands in many contacts, and its check is slow
def _email(text: str) -> str | None:
    return _accepted(_EMAIL, text)


def phone(text: str) -> str | None:
    """Return a number as it is kept; None if it is none."""
    if len(text) <= phone_numbers.MAX_LENGTH and phone_numbers.is_tidy(text):
        return text
    return _accepted(_PHONE, plain(text, phone_numbers.MAX_LENGTH))


def date(text: str) -> str | None:
    """Return a date, with a year or without; None if it is none."""
    return _accepted(_DATE, text[:_DATE_TOO_LONG])


def birthday(text: str) -> str | None:
    """Return a date that is not in the future; None if it is none."""
    if _DAY.fullmatch(text):  # the field takes ten times as long
        with suppress(ValueError):
            born = dt.date.fromisoformat(text)
            return text if born < _LONG_PAST or born <= today(EARLIEST_ZONE) else None
    return _accepted(_BIRTHDAY, text[:_DATE_TOO_LONG])


def _accepted(field: fields.Field[str], text: str) -> str | None:
    try:
        return field.deserialize(text)
    except ValidationError:
        return None


def _with_fewer_marks(text: str) -> str:
    """Return a text with at most MAX_COMBINING_MARKS combining marks in a row."""
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MAX_COMBINING_MARKS:
            kept.append(char)
    return "".join(kept)
