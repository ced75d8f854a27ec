"""The methods that a resource may have: those of HTTP, and of WebDAV those that are served."""

from typing import Final

from aiohttp import hdrs

DAV_METHODS: Final = frozenset({"PROPFIND", "PROPPATCH", "REPORT"})
"""RFC 4918, 9.1 and 9.2; RFC 3253, 3.6."""

METHODS: Final = hdrs.METH_ALL | DAV_METHODS
