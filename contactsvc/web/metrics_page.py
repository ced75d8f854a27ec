"""What Prometheus reads."""

import secrets

from aiohttp import hdrs, web
from aiohttp_apispec import docs

from contactsvc.platform.errors import Unauthenticated
from contactsvc.platform.metrics import CONTENT_TYPE
from contactsvc.web.access import public
from contactsvc.web.bearer import bearer_of
from contactsvc.web.view import View
from contactsvc.web.vocabulary import METRICS_SCHEME


class MetricsView(View):
    """The metrics of all worker processes."""

    @public
    @docs(
        tags=["service"],
        operationId="get_metrics",
        summary="Metrics for Prometheus",
        description="Where `METRICS_TOKEN` is set, it must come as the bearer token.",
        security=[{METRICS_SCHEME: []}, {}],
        produces=["text/plain"],
        problems=["unauthenticated"],
        needs_database=False,
        responses={"200": {"description": "Prometheus' text format", "schema": {"type": "string"}}},
    )
    async def get(self) -> web.Response:
        """Return all metrics in Prometheus' text format."""
        token = self.services.settings.metrics_token
        if token is not None and not _is(bearer_of(self.request), token):
            raise Unauthenticated
        text = await self.services.scrapes.text()
        return web.Response(body=text, headers={hdrs.CONTENT_TYPE: CONTENT_TYPE})


def _is(given: str, expected: str) -> bool:
    """Compare without telling by the time it takes how much was right."""
    # Bytes of a header that are no UTF-8 come as surrogates.
    return secrets.compare_digest(given.encode(errors="surrogateescape"), expected.encode())
