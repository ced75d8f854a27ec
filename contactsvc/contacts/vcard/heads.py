"""The head of a content line: its group, name and parameters, up to the colon."""

import re
from binascii import a2b_qp
from functools import lru_cache
from typing import Final, NamedTuple

MAX_PARAMETERS: Final = 100

CACHED_MAX_LENGTH: Final = 120
# So long that no name is folded: its first line might be taken for the rest of a value in base64.
# KDE writes X-messaging/xmpp-All.
_NAME: Final = re.compile(r"\s*(?:([A-Za-z0-9_-]{1,64})\.)?([A-Za-z0-9_/-]{1,64})\s*")
_ENCODINGS: Final = {
    "QUOTED-PRINTABLE": "Q",
    "Q": "Q",
    "BASE64": "B",
    "B": "B",
    "7BIT": "",
    "8BIT": "",
}
_SAMSUNGS: Final = re.compile(
    r"X-CUSTOM\(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,(.{1,500})\)", re.IGNORECASE
)
_CARET: Final = re.compile(r"\^([n^'])")
_CARETS: Final = {"n": "\n", "^": "^", "'": '"'}
_QUOTED_WHERE: Final = re.compile(r"[,;:]")
_MOST_PREFERRED: Final = 1
_LEAST_PREFERRED: Final = 100


class Head(NamedTuple):
    """What stands before the colon.

    Args:
        group: The group in lower case, or empty.
        name: The name in upper case.
        written_name: The group and name as they stand there.
        types: The values of TYPE, and what vCard 2.1 says without ``TYPE=``, in lower case, less
            ``pref`` and the ``internet`` of an e-mail.
        pref: 1 for the most preferred of its kind, to 100; None if nothing is said.
        parameters: Other parameters as they stand there.
        encoding: ``Q`` for quoted-printable, ``B`` for base64, or empty.
        charset: The value of CHARSET, or empty.
        value_type: The value of VALUE in lower case, or empty.
        omitted_year: The value of X-APPLE-OMIT-YEAR, or empty.
    """

    group: str
    name: str
    written_name: str
    types: tuple[str, ...] = ()
    pref: int | None = None
    parameters: tuple[str, ...] = ()
    encoding: str = ""
    charset: str = ""
    value_type: str = ""
    omitted_year: str = ""


def head_length(line: str) -> int:
    """Return the place of the colon that ends the head; one in quotes does not (RFC 6350, 3.3).

    Where quotes are not closed, they are no quotes.

    Raises:
        ValueError: There is none.
    """
    first = colon = line.find(":")
    if first < 0:
        raise ValueError("The line has no colon.")
    opening = line.find('"', 0, first)
    while 0 <= opening < colon:
        closing = line.find('"', opening + 1)
        if closing < 0:
            return first
        if colon < closing:
            colon = line.find(":", closing)
            if colon < 0:
                return first
        opening = line.find('"', closing + 1, colon)
    return colon


def read_head(text: str) -> Head:
    """Return what stands before the colon.

    Raises:
        ValueError: It has no name, or more than MAX_PARAMETERS.
    """
    return _cached(text) if len(text) <= CACHED_MAX_LENGTH else _read(text)


def decode(value: str) -> str:
    """Return the value of a parameter without its quotes and escapes (RFC 6868)."""
    value = value.strip().strip('"')
    return _CARET.sub(lambda match: _CARETS[match[1]], value) if "^" in value else value


def encode(value: str) -> str:
    """Return a value as that of a parameter (RFC 6868)."""
    if value.isalnum():
        return value
    value = value.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{value}"' if _QUOTED_WHERE.search(value) else value


def _read(text: str) -> Head:
    if text.count(";") > MAX_PARAMETERS:
        raise ValueError("The line has too many parameters.")
    written_name, *parameters = _split(text)
    match = _NAME.fullmatch(written_name)
    if match is None:
        raise ValueError("The line does not begin with the name of a property.")
    reading = _Parameters()
    for parameter in parameters:
        reading.add(parameter)
    name = match[2].upper()
    says_nothing = "internet" if name == "EMAIL" else ""
    return Head(
        (match[1] or "").lower(),
        name,
        written_name.strip(),
        tuple(kind for kind in dict.fromkeys(reading.types) if kind != says_nothing),
        reading.pref,
        tuple(reading.others),
        reading.encoding,
        **reading.known,
    )


_cached = lru_cache(maxsize=4096)(_read)
"""Does as read_head: few heads, of CACHED_MAX_LENGTH at the most, make up most lines of a file."""


def _split(text: str) -> list[str]:
    """Return the name and the parameters; a semicolon in quotes separates none."""
    parts = text.split(";")
    if '"' not in text:
        return parts
    whole: list[str] = []
    pending: list[str] = []
    quotes = 0
    for part in parts:
        pending.append(part)
        quotes += part.count('"')
        if quotes % 2 == 0:
            whole.append(";".join(pending))
            pending = []
    return [*whole, *pending]


class _Parameters:
    """The parameters of a line, as far as they have been read."""

    _KNOWN: Final = {
        "CHARSET": "charset",
        "VALUE": "value_type",
        "X-APPLE-OMIT-YEAR": "omitted_year",
    }

    def __init__(self) -> None:
        self.types: list[str] = []
        self.pref: int | None = None
        self.others: list[str] = []
        self.encoding = ""
        self.known: dict[str, str] = {}

    def add(self, parameter: str) -> None:
        """Add a parameter as it stands in the line."""
        name, equals, value = parameter.partition("=")
        name = name.strip().upper()
        if not equals:
            self._add_bare(name)
        elif name == "TYPE":
            self._add_types(value)
        elif name == "PREF" and _is_preference(value.strip()):
            self.pref = int(value)
        elif name == "ENCODING" and value.strip().upper() in _ENCODINGS:
            self.encoding = _ENCODINGS[value.strip().upper()]
        elif custom := _SAMSUNGS.fullmatch(parameter.strip()):
            self._add_samsungs(custom[1])
        elif name in self._KNOWN:
            self.known[self._KNOWN[name]] = decode(value).lower()
        else:
            self.others.append(parameter.strip())

    def _add_bare(self, name: str) -> None:
        """Add what vCard 2.1 writes without the name of the parameter."""
        if name in _ENCODINGS:
            self.encoding = _ENCODINGS[name]
        else:
            self._add_types(name)

    def _add_samsungs(self, label: str) -> None:
        """Add what somebody has typed for a type, in quoted-printable."""
        text = a2b_qp(label.encode()).decode("utf-8", "replace")
        self.types.append("x-" + " ".join(text.replace(",", " ").split()).lower())

    def _add_types(self, value: str) -> None:
        for each in value.split(","):
            kind = decode(each).strip().lower()
            if kind == "pref":
                self.pref = self.pref or _MOST_PREFERRED
            elif kind:
                self.types.append(kind)


def _is_preference(value: str) -> bool:
    is_number = value.isascii() and value.isdigit() and len(value) <= len(str(_LEAST_PREFERRED))
    return is_number and _MOST_PREFERRED <= int(value) <= _LEAST_PREFERRED
