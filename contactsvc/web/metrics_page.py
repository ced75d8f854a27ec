"""Serves the metrics for Prometheus."""

import secrets

from aiohttp import hdrs, web

from contactsvc.platform.errors import Unauthenticated
from contactsvc.platform.metrics import CONTENT_TYPE
from contactsvc.web.bearer import bearer_of
from contactsvc.web.operation import PUBLIC, Answer, operation
from contactsvc.web.view import View
from contactsvc.web.vocabulary import METRICS_SCHEME


class MetricsView(View):
    """The metrics of all worker processes."""

    @operation(
        tag="service",
        id="get_metrics",
        summary="Metrics for Prometheus",
        description="Where `METRICS_TOKEN` is set, it must come as the bearer token.",
        access=PUBLIC,
        answers=[Answer(200, "Prometheus' text format", {"type": "string"})],
        problems=["unauthenticated"],
        media_types=["text/plain"],
        needs_database=False,
        security=[{METRICS_SCHEME: []}, {}],
    )
    async def get(self) -> web.Response:
        """Return all metrics in Prometheus' text format."""
        token = self.services.settings.metrics_token
        if token is not None and not _equals(bearer_of(self.request), token):
            raise Unauthenticated
        text = await self.services.scrapes.text()
        return web.Response(body=text, headers={hdrs.CONTENT_TYPE: CONTENT_TYPE})


def _equals(given: str, expected: str) -> bool:
    """Compare in constant time."""
    # aiohttp decodes bytes of a header that are not UTF-8 to lone surrogates.
    return secrets.compare_digest(given.encode(errors="surrogateescape"), expected.encode())
