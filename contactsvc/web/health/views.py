"""The health and liveness checks."""

from aiohttp import web

from contactsvc import __version__
from contactsvc.web.health.schemas import HealthAnswer, LiveAnswer
from contactsvc.web.operation import PUBLIC, Answer, operation
from contactsvc.web.view import View, json_response


class HealthView(View):
    """Whether the service can do its work."""

    @operation(
        tag="service",
        id="check_health",
        summary="Is the service well?",
        description="503 when PostgreSQL is away or wrongly set up, migrations are due, or the "
        "process is about to stop; a lost Redis degrades.",
        access=PUBLIC,
        answers=[Answer(200, "It works", HealthAnswer)],
    )
    async def get(self) -> web.Response:
        """Check every part."""
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

    @operation(
        tag="service",
        id="check_liveness",
        summary="Is the process alive?",
        access=PUBLIC,
        answers=[Answer(200, "It is", LiveAnswer)],
        needs_database=False,
    )
    async def get(self) -> web.Response:
        """Answer without using any other part."""
        return json_response({"status": "ok"})
