"""The names of elements, as ElementTree writes them: ``{namespace}name``."""

from collections.abc import Mapping
from typing import Final

DAV: Final = "{DAV:}"
CARDDAV: Final = "{urn:ietf:params:xml:ns:carddav}"
CALENDARSERVER: Final = "{http://calendarserver.org/ns/}"
"""Apple's extensions, which most clients know."""

PREFIXES: Final[Mapping[str, str]] = {DAV: "d", CARDDAV: "card", CALENDARSERVER: "cs"}
"""The prefixes that every answer declares."""

PROP: Final = f"{DAV}prop"
HREF: Final = f"{DAV}href"
ADDRESS_DATA: Final = f"{CARDDAV}address-data"
