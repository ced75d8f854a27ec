"""Reads the XML of a request: without entities, and within limits of depth and number.

defusedxml refuses a document type, and with it every entity that could expand or lead elsewhere
(OWASP XML External Entity Prevention). The other limits bound what one request costs.
"""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from contactsvc.platform.errors import MalformedBody, PayloadTooLarge

MAX_DEPTH: Final = 32
"""Elements inside one another; those of CardDAV are 7."""
MAX_ELEMENTS: Final = 50_000
"""Elements of a body: more than the hrefs for which a body has room."""
MAX_ATTRIBUTES: Final = 32
"""Attributes of an element; those of CardDAV are 3."""
MAX_NAMESPACE: Final = 256
"""Characters of the name of a namespace: the parser repeats it in every name that is in it."""

MAX_TOKEN: Final = 32 * 1024
"""Bytes of one tag or comment: the parser reads it anew with each chunk, and all of its attributes
at once in the end."""

_CHUNK: Final = 8 * 1024
"""Bytes that are parsed at a time, and of a body that is read on the event loop: some 1 ms."""
_NOT_XML: Final = "The body is not well-formed XML, or has a document type."


Result = TypeVar("Result")


async def read_xml(body: bytes, read: Callable[[Element | None], Result]) -> Result:
    """Return what is read out of the root element of a body; of an empty one that is None.

    A long body is parsed, read and freed in a thread: each takes some 10 ms of 50,000 elements.

    Args:
        body: The body.
        read: Reads it; what it returns should not have the element in it.

    Raises:
        Exception: As ``read``.
        MalformedBody: It is not well-formed, has a document type, or passes MAX_DEPTH,
            MAX_ATTRIBUTES, MAX_NAMESPACE or MAX_TOKEN.
        PayloadTooLarge: It has more than MAX_ELEMENTS.
    """
    if len(body) <= _CHUNK:
        return read(_root(body))
    return await asyncio.to_thread(lambda: read(_root(body)))


def _root(body: bytes) -> Element | None:
    if not body.strip():
        return None
    parser = DefusedXMLParser(target=_BoundedBuilder(), forbid_dtd=True)
    try:
        for start in range(0, len(body), _CHUNK):
            chunk = body[start : start + _CHUNK]
            parser.feed(chunk)
            if start + len(chunk) - parser.parser.CurrentByteIndex > MAX_TOKEN:
                raise MalformedBody("A tag or a comment is too long.")
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        # Also for an encoding that is unknown, or that the bytes are not in.
        raise MalformedBody(_NOT_XML) from error
    return root


class _BoundedBuilder(TreeBuilder):
    """Builds the tree, and counts what the parser tells."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._elements = 0

    def start_ns(self, _prefix: str, uri: str) -> None:
        if len(uri) > MAX_NAMESPACE:
            raise MalformedBody("The name of a namespace is too long.")

    def start(self, tag: str, attributes: dict[str, str], /) -> Element:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise MalformedBody("The elements are nested too deeply.")
        if len(attributes) > MAX_ATTRIBUTES:
            raise MalformedBody("An element has too many attributes.")
        if self._elements > MAX_ELEMENTS:
            raise PayloadTooLarge(f"The body has more than {MAX_ELEMENTS} elements.")
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)
