"""Text in pieces as numbered lines, of which none takes more memory than it may."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from contactsvc.platform.errors import MalformedBody

MAX_LINE_LENGTH: Final = 1024 * 1024
"""Characters of a line that are kept: a contact with all its fields at their limits fits."""


MAX_LINES: Final = 3_000_000
"""Lines of a file at most: 50,000 contacts with 60 lines of notes each."""

_LINE: Final = re.compile(r"\n+|[^\n]+\n?")


class Line(NamedTuple):
    """A line of a file."""

    number: int
    """Its place in the file, counted from 1."""
    text: str
    """What it says, with its line end; empty if it is too long. Lines without anything in
    them that follow one another are one text, of line ends alone."""
    is_too_long: bool = False
    """Whether it has more than ``MAX_LINE_LENGTH`` characters."""


class Lines:
    """The lines of a text, one by one; those that were taken can be put back.

    Taking one raises MalformedBody where there are more than ``MAX_LINES``.

    Args:
        pieces: The text, cut anywhere, with a line feed for every line end.
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        self._lines = _lines(pieces)
        self._put_back: deque[Line] = deque()

    def take(self) -> Line | None:
        """Return the next line, or None after the last."""
        return self._put_back.popleft() if self._put_back else next(self._lines, None)

    def put_back(self, lines: list[Line]) -> None:
        """Let lines, in their order, be the next ones."""
        self._put_back.extendleft(reversed(lines))


def _lines(pieces: Iterable[str]) -> Iterator[Line]:
    number, begun, length = 1, list[str](), 0
    for piece in pieces:
        for found in _LINE.finditer(piece):
            text = found[0]
            length += len(text)
            if length <= MAX_LINE_LENGTH:
                begun.append(text)
            else:
                begun.clear()
            if text[-1] == "\n":
                yield _line(number, begun, length)
                number, begun, length = number + text.count("\n"), [], 0
                if number > MAX_LINES:
                    raise MalformedBody(f"The file has more than {MAX_LINES} lines.")
    if length:
        yield _line(number, begun, length)


def _line(number: int, parts: list[str], length: int) -> Line:
    if length > MAX_LINE_LENGTH:
        return Line(number, "", is_too_long=True)
    return Line(number, "".join(parts))
