"""Is it alive, and is it well?"""

from aiohttp import web
from aiohttp_apispec import docs, response_schema

from contactsvc import __version__
from contactsvc.web.access import public
from contactsvc.web.health.schemas import HealthAnswer, LiveAnswer
from contactsvc.web.view import View, json_response


class HealthView(View):
    """Whether the service can do its work."""

    @public
    @docs(
        tags=["service"],
        operationId="check_health",
        summary="Is the service well?",
        description="503 when PostgreSQL is away or wrongly set up, migrations are due, or the "
        "process is about to stop; a lost Redis degrades.",
    )
    @response_schema(HealthAnswer, 200, description="It works")
    async def get(self) -> web.Response:
        """Look at every part."""
        checks = await self.services.health.check()
        well = all(state == "ok" for state in checks.values())
        answer = {
            "status": "ok" if well else "degraded",
            "version": __version__,
            "checks": checks,
        }
        return json_response(answer)


class LiveView(View):
    """Whether the process answers at all."""

    @public
    @docs(
        tags=["service"],
        operationId="check_liveness",
        summary="Is the process alive?",
        needs_database=False,
    )
    @response_schema(LiveAnswer, 200, description="It is")
    async def get(self) -> web.Response:
        """Touch nothing."""
        return json_response({"status": "ok"})
