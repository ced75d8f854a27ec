"""marshmallow fields for what clients send: text, e-mails, phones, numbers, ids."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from contactsvc.platform.settings.regions import regions
from contactsvc.platform.text import characters, email_addresses, phone_numbers
from contactsvc.platform.text.characters import CONTROL, nothing_visible

MAX_ID: Final = 2**63 - 1
EMAIL_MAX_LENGTH: Final = 254
PASSWORD_MAX_LENGTH: Final = 200
"""Characters of a password; passlib takes at most 4096."""

_TYPED_MAX_LENGTH: Final = 1024
"""Characters of a phone as it is sent, before invisible ones are removed."""
_INTEGER: Final = re.compile(r"-?[0-9]{1,20}", re.ASCII)

NFC_MAX_SHRINK: Final = 4
"""The most code points that NFC may compose into one (UAX #15, expansion factors)."""
MAX_COMBINING_MARKS: Final = 256
"""The most combining marks in a row. NFC sorts them in quadratic time; UAX #15 calls 30 more than
any language needs."""


class Text(fields.String):
    """Text that PostgreSQL can store: Unicode without NUL and without lone surrogates.

    Attributes:
        empty_is_null: Whether empty text is read as null, as it is where null is allowed.

    Args:
        min_length: The fewest characters, after trimming.
        max_length: The most characters, in NFC.
        trim: Whether white space around the text is removed.
        normalize: Whether the text is put into NFC; passwords, say, are kept exactly as typed.
    """

    default_error_messages = {
        "nul": "May not contain the NUL character.",
        "surrogate": "Not valid Unicode.",
        "marks": f"Has more than {MAX_COMBINING_MARKS} combining marks in a row.",
    }

    def __init__(
        self,
        *,
        min_length: int = 0,
        max_length: int,
        trim: bool = True,
        normalize: bool = True,
        **kwargs: Any,
    ) -> None:
        self._trim = trim
        self._normalize = normalize
        self._min_length, self._max_length = min_length, max_length
        self.empty_is_null = bool(kwargs.get("allow_none"))
        super().__init__(validate=validate.Length(min_length or None, max_length), **kwargs)

    def deserialize(
        self,
        value: Any,
        attr: str | None = None,
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return the text, or None."""
        if self.empty_is_null and isinstance(value, str) and self._is_empty(value):
            value = None
        return super().deserialize(value, attr, data, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if "\0" in value:
            raise self.make_error("nul")
        text = value.strip() if self._trim else value
        if text.isascii():
            return text
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise self.make_error("surrogate") from error
        return self._in_nfc(text) if self._normalize else text

    def _validate(self, value: str) -> None:
        if not self._min_length <= len(value) <= self._max_length:
            super()._validate(value)

    def _is_empty(self, text: str) -> bool:
        # Text of control characters is refused later, so it must not count as empty here.
        return nothing_visible(text) and not CONTROL.search(text.strip())

    def _in_nfc(self, text: str) -> str:
        """Return the text in NFC, in time that is linear in its length."""
        if len(text) > NFC_MAX_SHRINK * self._max_length:
            return text  # it is too long in NFC, too: the length check refuses it
        if characters.longest_run_of_marks(text) > MAX_COMBINING_MARKS:
            raise self.make_error("marks")
        return unicodedata.normalize("NFC", text)


class Email(Text):
    """An e-mail address, normalised by RFC 6531 and IDNA; the local part keeps its case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=EMAIL_MAX_LENGTH, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > EMAIL_MAX_LENGTH:
            raise ValidationError(f"Longer than maximum length {EMAIL_MAX_LENGTH}.")
        try:
            return email_addresses.normalised(text)
        except ValueError as error:
            raise ValidationError(f"Not a valid e-mail address: {error}") from error


class PlainText(Text):
    """Text for people to read: without control characters; empty if no character is visible.

    Args:
        several_lines: Whether line ends are allowed.
    """

    default_error_messages = {"control": "May not contain control characters."}

    def __init__(self, *, several_lines: bool = False, **kwargs: Any) -> None:
        self._refused = characters.CONTROL_IN_LINE if several_lines else CONTROL
        super().__init__(**kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if self._refused.search(text):
            raise self.make_error("control")
        return "" if nothing_visible(text) else text


class Phone(Text):
    """A telephone number as typed, without invisible characters; it needs a digit."""

    default_error_messages = {
        "phone": "Not a phone number: it has no digit.",
        "control": "May not contain control characters.",
        "long": "Far too long.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=phone_numbers.MAX_LENGTH, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if len(typed) > _TYPED_MAX_LENGTH:
            raise self.make_error("long")
        text = phone_numbers.tidy(typed)
        if CONTROL.search(text):
            raise self.make_error("control")
        if not phone_numbers.digits(text):
            raise self.make_error("phone")
        return text


class Region(Text):
    """An ISO 3166-1 alpha-2 code, in any case; the value is in capitals."""

    default_error_messages = {"region": "Not an ISO 3166-1 alpha-2 code, such as GB."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        code = super()._deserialize(value, attr, data, **kwargs)
        if not code.isascii() or code.upper() not in regions():
            raise self.make_error("region")
        return code.upper()


class QueryInteger(fields.Integer):
    """A whole number in a path or query, in ASCII digits, with an optional minus sign."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        if not isinstance(value, str) or not _INTEGER.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return int(value)


class Id(QueryInteger):
    """A positive 64-bit integer in a path or query."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=1, max=MAX_ID), **kwargs)


class StrictBoolean(fields.Boolean):
    """JSON's true or false; marshmallow would also take 1, "yes" and the like."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class ShortList(fields.List[Any]):
    """A list that is counted before its entries are read: there may be a million.

    Args:
        inner: The field of an entry.
        max_length: The most entries.
    """

    def __init__(self, inner: fields.Field[Any], *, max_length: int, **kwargs: Any) -> None:
        self._has_room = validate.Length(max=max_length)
        super().__init__(inner, validate=self._has_room, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[Any]:
        if isinstance(value, list):
            self._has_room(value)
        return super()._deserialize(value, attr, data, **kwargs)


def password_field(*, required: bool = True) -> Text:
    """Return the field of a password, of an existing or a new one."""
    return Text(
        required=required,
        max_length=PASSWORD_MAX_LENGTH,
        trim=False,
        normalize=False,  # ASVS 5.0, 6.2.8: checked exactly as typed
        metadata={"example": "correct horse battery staple", "format": "password"},
    )
