"""Conditional requests (RFC 9110, section 13): the ETag is the version of a row.

aiohttp reads only the first line of If-Match and If-None-Match; a list may come on several.
"""

import re
from collections.abc import Sequence
from typing import Final

from aiohttp import hdrs, web

_ANY: Final = "*"
_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_VERSION: Final = re.compile(r'"[1-9][0-9]{0,8}"', re.ASCII)


def validators(version: int) -> dict[str, str]:
    """Return the headers of an answer that a client may keep, and ask about again."""
    return {"ETag": f'"{version}"', "Cache-Control": "private, no-cache"}


def expected_versions(request: web.Request) -> Sequence[int] | None:
    """Return the versions that If-Match admits (13.1.1); None where any will do."""
    tags = _tags(request, hdrs.IF_MATCH)
    if tags is None or _ANY in tags:
        return None
    # Weak tags never match, and what was not made here matches nothing.
    return [int(tag[1:-1]) for tag in tags if _VERSION.fullmatch(tag)]


def is_known(request: web.Request, version: int) -> bool:
    """Return whether If-None-Match names the version (13.1.2); here weak tags match."""
    tags = _tags(request, hdrs.IF_NONE_MATCH) or ()
    return any(tag.removeprefix("W/") in (_ANY, f'"{version}"') for tag in tags)


def _tags(request: web.Request, header: str) -> list[str] | None:
    """Return the entity tags of a header, None where it is missing."""
    lines = request.headers.getall(header, None)
    if lines is None:
        return None
    joined = ",".join(lines)
    return [_ANY] if joined.strip() == _ANY else _TAG.findall(joined)
