"""The signed-in user's sessions."""

from aiohttp import web
from aiohttp_apispec import docs, match_info_schema, response_schema

from contactsvc.accounts.sessions.schemas import SessionPathSchema, SessionsAnswer
from contactsvc.accounts.view import AccountView
from contactsvc.web.view import json_response


class SessionsView(AccountView):
    """Where one is signed in."""

    @docs(
        tags=["users"],
        operationId="list_my_sessions",
        summary="Where am I signed in?",
        description="The sessions that have not ended, the last used one first.",
    )
    @response_schema(SessionsAnswer, 200, description="The sessions")
    async def get(self) -> web.Response:
        """Return the user's sessions."""
        current = self.session_id
        sessions = await self.services.sessions.alive(self.user.id)
        items = [session | {"current": session["id"] == current} for session in sessions]
        return json_response({"items": items})


class SessionView(AccountView):
    """One sign-in."""

    @docs(
        tags=["users"],
        operationId="revoke_my_session",
        summary="Sign out one session",
        description="Its access tokens stop working at once.",
        responses={"204": {"description": "Signed out"}},
        problems=["not_found"],
    )
    @match_info_schema(SessionPathSchema)
    async def delete(self) -> web.Response:
        """End one of the user's sessions."""
        sessions = self.services.sessions
        await sessions.revoke(self.user.id, self.path["session_id"], self.caller)
        return web.Response(status=204)
