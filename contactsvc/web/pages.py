"""HTML pages for people who follow a link in a mail.

They work without JavaScript, load nothing, and do not leak the link's token in a Referer.
"""

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from aiohttp import hdrs, web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from contactsvc.web.schemas import JSON

HTML: Final = "text/html"

_CSS: Final = (files("contactsvc.web") / "templates" / "page.css").read_text()
_CSS_HASH: Final = b64encode(sha256(_CSS.encode()).digest()).decode()
_HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_CSS_HASH}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}
_TEMPLATES: Final = Environment(
    loader=PackageLoader("contactsvc.web"), autoescape=True, undefined=StrictUndefined
)


_REFUSED: Final = re.compile(r"q=0(\.0*)?")
"""The quality value that means "not acceptable" (RFC 9110, section 12.4.2)."""

_NOT_BY_SCRIPT: Final = frozenset({"navigate", "no-cors"})
"""Values of Sec-Fetch-Mode when a browser opens a page, or loads or prefetches part of one."""


def wants_page(request: web.Request) -> bool:
    """Return whether a browser asks for a page, rather than a program for JSON.

    Its Accept names HTML, as that of programs does not, or its Sec-Fetch-Mode says that it follows
    a link or loads part of a page, such as an image (ASVS 5.0, 3.5.3).
    """
    if request.headers.get("Sec-Fetch-Mode") in _NOT_BY_SCRIPT:
        return True
    return any(HTML in line.lower() for line in request.headers.getall(hdrs.ACCEPT, ()))


def asks_for_json(request: web.Request) -> bool:
    """Return whether Accept names JSON, as no program does that only follows links.

    ``*/*`` does not count: mail gateways and previews send it, as ``curl`` does.
    """
    if wants_page(request):
        return False
    ranges = ",".join(request.headers.getall(hdrs.ACCEPT, ())).lower().split(",")
    return any(_is_named(JSON, media_range) for media_range in ranges)


def _is_named(media_type: str, media_range: str) -> bool:
    name, *parameters = (part.strip() for part in media_range.split(";"))
    return name == media_type and not any(map(_REFUSED.fullmatch, parameters))


def page(
    title: str, text: str, *, template: str = "page.html", status: int = 200, **values: Any
) -> web.Response:
    """Return a page.

    Args:
        title: The heading.
        text: The first paragraph.
        template: The name of a file in ``templates/``.
        status: The HTTP status, which is not shown.
        values: More variables of the template.
    """
    html = _TEMPLATES.get_template(template).render(
        title=title,
        text=text,
        css=Markup(_CSS),  # noqa: S704 - our own file
        **values,
    )
    return web.Response(text=html, status=status, content_type=HTML, headers=_HEADERS)
