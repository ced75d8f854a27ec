"""The signed-in user's sessions."""

from aiohttp import web

from contactsvc.accounts.sessions.schemas import SessionPathSchema, SessionsAnswer
from contactsvc.accounts.view import AccountView
from contactsvc.web.operation import Answer, operation
from contactsvc.web.view import json_response


class SessionsView(AccountView):
    """Where one is signed in."""

    @operation(
        tag="users",
        id="list_my_sessions",
        summary="Where am I signed in?",
        description="The sessions that have not ended, the last used one first.",
        answers=[Answer(200, "The sessions", SessionsAnswer)],
    )
    async def get(self) -> web.Response:
        """Return the user's sessions."""
        current = self.session_id
        sessions = await self.services.sessions.alive(self.user.id)
        items = [session | {"current": session["id"] == current} for session in sessions]
        return json_response({"items": items})


class SessionView(AccountView):
    """One sign-in."""

    @operation(
        tag="users",
        id="revoke_my_session",
        summary="Sign out one session",
        description="Its access tokens stop working at once.",
        path=SessionPathSchema,
        answers=[Answer(204, "Signed out")],
        problems=["not_found"],
    )
    async def delete(self) -> web.Response:
        """End one of the user's sessions."""
        sessions = self.services.sessions
        await sessions.revoke(self.user.id, self.path["session_id"], self.caller)
        return web.Response(status=204)
