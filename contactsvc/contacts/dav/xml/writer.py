"""Writes XML as text. What is made of others' words goes through :func:`text` or :func:`tag`."""

from typing import Final
from xml.sax.saxutils import quoteattr

from contactsvc.contacts.dav.xml.characters import legal
from contactsvc.contacts.dav.xml.names import PREFIXES

_NAMESPACES: Final = " ".join(f'xmlns:{prefix}="{ns[1:-1]}"' for ns, prefix in PREFIXES.items())
_DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>\n'

MULTISTATUS: Final = f"{_DECLARATION}<d:multistatus {_NAMESPACES}>"
MULTISTATUS_END: Final = "</d:multistatus>"
"""What the answers stand between (RFC 4918, 13)."""


def text(value: str) -> str:
    """Return a text as the content of an element; what XML cannot say is left out.

    A carriage return is written as a reference, or parsers would take it for a line feed (XML 1.0,
    2.11), and the lines of a vCard would not be what they were.
    """
    value = legal(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return value.replace("\r", "&#13;")


def element(name: str, content: str = "") -> str:
    """Return an element.

    Args:
        name: Its name, with its namespace.
        content: Its content, as XML.
    """
    start, end = tag(name)
    return f"<{start}>{content}</{end}>" if content else f"<{start}/>"


def tag(name: str) -> tuple[str, str]:
    """Return what stands in the start and in the end tag of an element of that name."""
    bracket = name.rfind("}") + 1
    namespace, local = name[:bracket], name[bracket:]
    prefix = PREFIXES.get(namespace)
    if prefix is not None:
        return f"{prefix}:{local}", f"{prefix}:{local}"
    if not namespace:
        return local, local  # no answer has a default namespace
    return f"x:{local} xmlns:x={quoteattr(namespace[1:-1])}", f"x:{local}"


def href(path: str) -> str:
    """Return the element of a reference."""
    return f"<d:href>{text(path)}</d:href>"


def response(path: str, content: str) -> str:
    """Return what is said of one resource."""
    return f"<d:response>{href(path)}{content}</d:response>"


def propstat(status: str, content: str) -> str:
    """Return what is said of some properties, which share a status."""
    return f"<d:propstat><d:prop>{content}</d:prop>{status}</d:propstat>"


def status(line: str) -> str:
    """Return the element of a status, such as ``404 Not Found``."""
    return f"<d:status>HTTP/1.1 {line}</d:status>"


def error(condition: str) -> str:
    """Return the body of an answer which tells a condition that is not met (RFC 4918, 16).

    Args:
        condition: The element that names it, as XML.
    """
    return f"{_DECLARATION}<d:error {_NAMESPACES}>{condition}</d:error>"
