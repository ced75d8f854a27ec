"""What a program and the service said to one another, as text and out of it.

A file has the exchanges one after the other::

    >>> PROPFIND /dav/
    Depth: 0

    <propfind .../>
    <<< 207
    Content-Type: application/xml

    <multistatus .../>

    >>> ...

Passwords are left out, and of the headers those that say nothing about CardDAV.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from multidict import CIMultiDict

BINARY: Final = "base64,"
"""What a body begins with that is no text."""

KEPT: Final = (
    *("User-Agent", "Accept", "Content-Type", "Depth", "Prefer", "Brief", "Authorization"),
    *("If-Match", "If-None-Match", "DAV", "Allow", "Location", "ETag", "WWW-Authenticate"),
)
"""Headers that a conversation keeps."""


@dataclass(frozen=True)
class Message:
    """Headers and body of a request or an answer."""

    headers: CIMultiDict[str]
    body: str


@dataclass(frozen=True)
class Exchange:
    """A request and its answer."""

    method: str
    path: str
    request: Message
    status: int
    answer: Message

    @property
    def is_carddav(self) -> bool:
        """Whether the program has sent it, and not the test."""
        return not self.path.startswith("/api/")


def written(exchanges: Iterable[Exchange]) -> str:
    """Return a conversation as the text of a file."""
    return "".join(
        f">>> {each.method} {each.path}\n{_written(each.request)}"
        f"<<< {each.status}\n{_written(each.answer)}"
        for each in exchanges
    )


def _written(message: Message) -> str:
    headers = "".join(
        f"{name}: {_without_secret(name, value)}\n"
        for name in KEPT
        for value in message.headers.getall(name, ())
    )
    return f"{headers}\n{message.body}\n"


def _without_secret(name: str, value: str) -> str:
    return f"{value.split()[0]} ..." if name == "Authorization" else value


def as_text(body: bytes) -> str:
    """Return a body as a conversation has it."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return f"{BINARY}{base64.b64encode(body).decode()}"


def read(text: str) -> Iterator[Exchange]:
    """Yield the exchanges of a file."""
    for part in re.split(r"^>>> ", text, flags=re.MULTILINE)[1:]:
        request, answer = re.split(r"^<<< ", part, maxsplit=1, flags=re.MULTILINE)
        (first, asked), (status, answered) = _read(request), _read(answer)
        method, path = first.split(" ", 1)
        yield Exchange(method, path, asked, int(status), answered)


def _read(text: str) -> tuple[str, Message]:
    """Return the first line of a request or answer, and the rest of it."""
    head, _, body = text.partition("\n\n")
    first, *lines = head.split("\n")
    headers: CIMultiDict[str] = CIMultiDict()
    for line in lines:
        name, _, value = line.partition(": ")
        headers.add(name, value)
    return first, Message(headers, body.removesuffix("\n"))
