"""Chooses between the forms that an answer may have (RFC 9110, 12.5.1)."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from aiohttp import hdrs, web

KEPT_HEADERS: Final = 128
"""How many headers, of up to 8 KiB each, are kept with what they choose: clients send few."""


class Form(NamedTuple):
    """A form of an answer.

    Args:
        media_type: Its media type.
        version: The parameter of that name; empty if it has none.
    """

    media_type: str
    version: str = ""


class _Range(NamedTuple):
    media_range: str
    version: str
    quality: float


def chosen(request: web.Request, offered: Sequence[Form]) -> Form:
    """Return the form that a request asks for; the first one if it does not care.

    Raises:
        HTTPNotAcceptable: It admits none of them.
    """
    accept = ",".join(request.headers.getall(hdrs.ACCEPT, ()))
    form = preferred(accept, tuple(offered)) if accept else offered[0]
    if form is None:
        raise web.HTTPNotAcceptable
    return form


@lru_cache(KEPT_HEADERS)
def preferred(accept: str, offered: tuple[Form, ...]) -> Form | None:
    """Return the offered form that an Accept header likes most; None if it admits none.

    Of several that it likes equally, the one that it names more exactly, or else the first.
    """
    ranges = list(_ranges(accept))
    liked = [(*_liked(form, ranges), -place) for place, form in enumerate(offered)]
    quality, *_, place = max(liked)
    return offered[-place] if quality > 0 else None


def _ranges(accept: str) -> Iterator[_Range]:
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        named = dict(parameter.partition("=")[::2] for parameter in parameters)
        yield _Range(media_range, named.get("version", "").strip('"'), _number(named.get("q", "")))


def _liked(form: Form, ranges: Sequence[_Range]) -> tuple[float, bool, int]:
    """Return the quality of the most specific range that has a form, and how specific it is."""
    family = form.media_type.partition("/")[0]
    places = ("*/*", f"{family}/*", form.media_type)
    matching = [
        (bool(each.version), places.index(each.media_range), each.quality)
        for each in ranges
        if each.media_range in places and each.version in ("", form.version)
    ]
    *exactness, quality = max(matching, default=(False, 0, 0.0))
    return quality, bool(exactness[0]), exactness[1]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0
