"""Conditional requests (RFC 9110, section 13): the ETag is the version of a row, or a digest.

The headers are parsed here, because aiohttp reads only the first of several If-Match lines.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from aiohttp import hdrs, web

_ANY: Final = "*"
_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_VERSION: Final = re.compile(r'"[1-9][0-9]{0,8}"', re.ASCII)
_DIGEST: Final = re.compile(r'"[0-9a-f]{32}"', re.ASCII)


def validators(version: int | str) -> dict[str, str]:
    """Return the headers of an answer that clients may cache if they revalidate it each time."""
    return {"ETag": f'"{version}"', "Cache-Control": "private, no-cache"}


class Precondition(NamedTuple):
    """The versions that a row may have for a change to be made."""

    versions: Collection[int] | None
    """Its version is one of these; None allows any."""
    unless: Collection[int]
    """Its version is none of these."""


def precondition(request: web.Request) -> Precondition:
    """Return the precondition in If-Match (13.1.1) and If-None-Match (13.1.2) of a change."""
    wanted, unwanted = (
        entity_tags(request, hdrs.IF_MATCH),
        entity_tags(request, hdrs.IF_NONE_MATCH) or [],
    )
    if _ANY in unwanted:
        return Precondition(versions=(), unless=())
    versions = None if wanted is None else _matched(wanted)
    return Precondition(versions, _versions(tag.removeprefix("W/") for tag in unwanted))


def versions_matched(if_match: str) -> Collection[int] | None:
    """Return the versions that a value as of If-Match names; None is any."""
    return _matched(_tags(if_match))


def _matched(tags: Collection[str]) -> list[int] | None:
    # If-Match compares strongly, so weak tags match nothing; nor do tags that are no version.
    return None if _ANY in tags else _versions(tags)


def _versions(tags: Iterable[str]) -> list[int]:
    return [int(tag[1:-1]) for tag in tags if _VERSION.fullmatch(tag)]


class DigestPrecondition(NamedTuple):
    """The digests that something may have for a change to be made."""

    digests: Collection[str] | None
    """Its digest is one of these; None allows any, and that it is not there."""
    unless: Collection[str]
    """Its digest is none of these."""

    def admits(self, digest: str | None) -> bool:
        """Return whether it may have that digest; None if it is not there."""
        wanted = self.digests is None or _is_among(self.digests, digest)
        return wanted and not _is_among(self.unless, digest)


def digest_precondition(request: web.Request) -> DigestPrecondition:
    """Return the precondition of a change of something whose ETag is a digest of 32 hex digits."""
    wanted = entity_tags(request, hdrs.IF_MATCH)
    return DigestPrecondition(None if wanted is None else _digests(wanted), known_digests(request))


def known_digests(request: web.Request) -> list[str]:
    """Return the digests in If-None-Match, in which weak tags match; ``*`` is any."""
    tags = entity_tags(request, hdrs.IF_NONE_MATCH) or ()
    return _digests(tag.removeprefix("W/") for tag in tags)


def _digests(tags: Iterable[str]) -> list[str]:
    return [tag.strip('"') for tag in tags if tag == _ANY or _DIGEST.fullmatch(tag)]


def _is_among(digests: Collection[str], digest: str | None) -> bool:
    return digest is not None and (_ANY in digests or digest in digests)


def is_known(request: web.Request, version: int | str) -> bool:
    """Return whether If-None-Match of a read names the version (13.1.2); weak tags match."""
    tags = entity_tags(request, hdrs.IF_NONE_MATCH) or ()
    return any(tag.removeprefix("W/") in (_ANY, f'"{version}"') for tag in tags)


def entity_tags(request: web.Request, header: str) -> list[str] | None:
    """Return the entity tags of a header, with their quotes, or ``*``; None without the header."""
    lines = request.headers.getall(header, None)
    if lines is None:
        return None
    return _tags(",".join(lines))


def _tags(text: str) -> list[str]:
    return [_ANY] if text.strip() == _ANY else _TAG.findall(text)
