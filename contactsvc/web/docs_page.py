"""Serves the OpenAPI document, and Swagger UI from local files."""

import asyncio
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from aiohttp import web

from contactsvc.web.operation import PUBLIC, Answer, operation
from contactsvc.web.view import View


def _folder() -> Path:
    """Return the folder of Swagger UI's files, without importing the package: it loads Flask."""
    spec = find_spec("flask_swagger_ui")
    if spec is None or spec.origin is None:  # pragma: no cover
        raise RuntimeError("flask-swagger-ui is not installed.")
    return Path(spec.origin).parent / "dist"


_FOLDER: Final = _folder()
_FILES: Final = {
    "favicon-16x16.png": "image/png",
    "favicon-32x32.png": "image/png",
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui-standalone-preset.js": "text/javascript; charset=utf-8",
}
"""The files that are served, and their media types; aiohttp would leave the charset out."""
_CSP: Final = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data: blob:; script-src 'self'; "
    "style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>contactsvc API</title>
<link rel="icon" href="/api/docs/swagger-ui/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/api/docs/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/api/docs/swagger-ui/start.js"></script>
</body>
</html>
"""
_START: Final = """SwaggerUIBundle({
  url: "/api/docs/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
"""


class SwaggerView(View):
    """Swagger UI."""

    @operation(
        tag="service",
        id="get_swagger_ui",
        summary="This page",
        access=PUBLIC,
        answers=[Answer(200, "Swagger UI", {"type": "string"})],
        media_types=["text/html"],
        needs_database=False,
    )
    async def get(self) -> web.Response:
        """Return the page, which loads everything from this service."""
        headers = {"Content-Security-Policy": _CSP, "Cache-Control": "no-cache"}
        return web.Response(text=_PAGE, content_type="text/html", headers=headers)


class OpenApiView(View):
    """The OpenAPI document."""

    @operation(
        tag="service",
        id="get_openapi",
        summary="The OpenAPI document",
        access=PUBLIC,
        answers=[Answer(200, "OpenAPI 3", {"type": "object"})],
        needs_database=False,
    )
    async def get(self) -> web.Response:
        """Return the document, which is built for the first request, beside the event loop."""
        return web.Response(
            body=await asyncio.to_thread(self.services.openapi),
            content_type="application/json",
            headers={"Cache-Control": "no-cache"},
        )


class SwaggerFileView(View):
    """The files of Swagger UI."""

    @operation(
        tag="service",
        id="get_swagger_ui_file",
        summary="A file of this page",
        access=PUBLIC,
        answers=[Answer(200, "The file", {"type": "string"})],
        media_types=[],
        any_accept=True,
        needs_database=False,
        documented=False,
    )
    async def get(self) -> web.StreamResponse:
        """Return one of the few files that the page loads."""
        name = self.request.match_info["name"]
        headers = {"Cache-Control": "public, max-age=3600"}
        if name == "start.js":
            return web.Response(text=_START, content_type="text/javascript", headers=headers)
        if name not in _FILES:
            raise web.HTTPNotFound
        return web.FileResponse(_FOLDER / name, headers=headers | {"Content-Type": _FILES[name]})
