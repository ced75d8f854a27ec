"""Telephone numbers: as people type them, in E.164 where they have one, and by their digits."""

import functools
import re
import unicodedata
from typing import Final, NamedTuple
from urllib.parse import unquote

from contactsvc.platform.text import numbering_plans
from contactsvc.platform.text.characters import APOSTROPHES_AND_HYPHENS, is_ignorable, is_space
from contactsvc.platform.text.numbering_plans import Number
from contactsvc.platform.text.search_keys import search_key

MAX_LENGTH: Final = 64
"""Characters of a number as it is kept."""

E164_MAX_LENGTH: Final = 16
"""A plus and 15 digits (ITU-T E.164); some countries' numbering plans allow for more."""

_WIDTHS: Final = ("<wide>", "<narrow>", "<small>", "<vertical>")
_SHAPES: Final = {
    **{ord(plus): "+" for plus in "\u207a\u208a\u2795\ufb29\ufe62\uff0b"},
    **{ord(dot): "." for dot in "\u00b7\u2022\u2219\u22c5\u30fb\uff65"},
    **{ord(tilde): "~" for tilde in "\u2053\u223c\uff5e"},
    **{ord(quote): quote for quote in "\u201a\u201e\u2e42\u301d\u301e\u301f"},  # no brackets
    0x20E3: "",  # COMBINING ENCLOSING KEYCAP
}
_CATEGORIES: Final = {"Pd": "-", "Ps": "(", "Pe": ")"}
_URI: Final = re.compile(r"tel:(?://)?", re.IGNORECASE)
_LONG_VOWEL: Final = re.compile(r"(?<=[0-9)])\u30fc")
"""KATAKANA-HIRAGANA PROLONGED SOUND MARK: what a Japanese keyboard writes for a dash."""
_TIDY: Final = re.compile(r"[+0-9().\-/]+(?: [+0-9().\-/]+)*")
_DIALLED: Final = re.compile(r"[+0-9 ().\-/\[\]~]+")
_NUMBER: Final = re.compile(r"[ (\[]*\+?[0-9 ().\-/\[\]~]+")
_DIGIT: Final = re.compile("[0-9]")
_NO_DIGIT: Final = re.compile(r"[^0-9]+")


class Phone(NamedTuple):
    """A number as it is kept.

    Args:
        value: What was typed, tidied.
        e164: The number in international form; None where it has none, or is not all there is.
    """

    value: str
    e164: str | None

    @property
    def shown(self) -> str:
        """The number that programs dial."""
        return self.e164 or self.value


def tidy(text: str) -> str:
    """Return a number as it was typed, in plain characters.

    Digits of every script become ASCII's, spaces, dashes and brackets the plain ones; ``tel:``
    (RFC 3966) goes, and so does what cannot be seen, such as direction marks.
    """
    if _TIDY.fullmatch(text):
        return text
    plain = _plain(text)
    if scheme := _URI.match(plain):
        plain = _plain(unquote(plain[scheme.end() :]))
    return _LONG_VOWEL.sub("-", plain)


def is_tidy(text: str) -> bool:
    """Return whether a text is a number in plain characters, with a digit in it."""
    return _TIDY.fullmatch(text) is not None and _DIGIT.search(text) is not None


def read(value: str, region: str | None) -> Phone:
    """Return a tidied number with its international form.

    Only a number that exists by its country's plan has one, and only where nothing else is said
    beside it: an extension would be lost.

    Args:
        value: What :func:`tidy` has returned.
        region: ISO 3166-1 alpha-2 of where it is dialled, for numbers without a country.
    """
    number = _valid(value, region) if _NUMBER.fullmatch(value) else None
    return Phone(value, None if number is None else _e164(number))


@functools.lru_cache(1024)  # a change of a contact sends its phone again, and colleagues share one
def search_text(phone: Phone, region: str | None) -> str:
    """Return what a search compares with: the number as typed, and its digits.

    The digits are those as typed, those of the international form after 00, and those that are
    dialled inside the country.
    """
    value, e164 = phone
    typed = _digits(value)
    forms = [typed]
    number = _valid(e164 or value, region)
    if number is None and typed.startswith("00"):
        number = _valid(f"+{typed[2:]}", None)
    if number is not None:
        forms += [f"00{number.country}{number.significant}", number.national]
    elif value.startswith("+"):
        forms.append(f"00{typed}")
    forms = list(dict.fromkeys(forms))
    together = "\n".join(forms)
    distinct = [form for form in forms if together.count(form) == 1]  # in no other one
    return " ".join([search_key(value), *distinct])


def is_dialled(word: str) -> bool:
    """Return whether a word of a search is part of a number: digits and their punctuation."""
    return _DIALLED.fullmatch(tidy(word)) is not None


def digits(text: str) -> str:
    """Return the digits of a text, of every script, in ASCII."""
    return _digits(tidy(text))


def international_digits(text: str, region: str | None) -> str | None:
    """Return the digits of a number with its country code, None where it is no valid number."""
    e164 = read(tidy(text), region).e164
    return None if e164 is None else _digits(e164)


def _plain(text: str) -> str:
    shaped = text.translate(_SHAPES).translate(APOSTROPHES_AND_HYPHENS)
    plain = shaped if shaped.isascii() else "".join(map(_plain_character, shaped))
    return " ".join(plain.split())


def _plain_character(char: str) -> str:
    if char.isascii():
        return char
    if unicodedata.decomposition(char).startswith(_WIDTHS):
        char = unicodedata.normalize("NFKC", char)
    digit = unicodedata.decimal(char[0], None)
    if digit is not None:
        return str(digit)
    if is_ignorable(char[0]):
        return ""
    return " " if is_space(char[0]) else _CATEGORIES.get(unicodedata.category(char[0]), char)


def _digits(text: str) -> str:
    bare = text.removeprefix("+")
    if bare.isascii() and bare.isdigit():
        return bare
    return _NO_DIGIT.sub("", text)


_valid = functools.lru_cache(256)(numbering_plans.find)
"""Does as find: what is read once to be shown is read again to be searched for."""


def _e164(number: Number) -> str | None:
    text = f"+{number.country}{number.significant}"
    return text if len(text) <= E164_MAX_LENGTH else None
