"""Sign-in, renewal and sign-out, and the signed-in user's sessions."""

from aiohttp import web

from contactsvc.accounts.sessions.schemas import (
    LoginSchema,
    LogoutSchema,
    RefreshSchema,
    SessionPathSchema,
    SessionsAnswer,
    TokensAnswer,
)
from contactsvc.accounts.sessions.service import Scope, TokenPair
from contactsvc.accounts.view import AccountView
from contactsvc.web.operation import PUBLIC, Answer, operation
from contactsvc.web.throttled import LOGIN
from contactsvc.web.view import CLEAR_CACHE, json_response


class LoginView(AccountView):
    """Sign-in."""

    @operation(
        tag="auth",
        id="login",
        summary="Sign in",
        description="With JSON, or with the form of OAuth 2.0's password grant.",
        access=PUBLIC,
        throttles=[LOGIN],
        body=LoginSchema,
        answers=[Answer(200, "Signed in", TokensAnswer)],
        problems=["invalid_credentials", "email_not_confirmed", "account_disabled"],
    )
    async def post(self) -> web.Response:
        """Begin a session."""
        body = self.body
        sessions = self.services.sessions
        return _tokens(await sessions.sign_in(body["email"], body["password"], self.caller))


class RefreshView(AccountView):
    """Exchange of a refresh token for new tokens."""

    @operation(
        tag="auth",
        id="refresh",
        summary="Renew the tokens",
        description="A refresh token is good for one use; the answer holds the next one. Whoever "
        "has lost the answer may ask again within ten seconds and gets the same one. A token that "
        "was used before ends the session.",
        access=PUBLIC,
        body=RefreshSchema,
        answers=[Answer(200, "Renewed", TokensAnswer)],
        problems=["unauthenticated"],
    )
    async def post(self) -> web.Response:
        """Exchange a refresh token for a new pair of tokens."""
        sessions = self.services.sessions
        return _tokens(await sessions.refresh(self.body["refresh_token"], self.caller))


class LogoutView(AccountView):
    """Sign-out."""

    @operation(
        tag="auth",
        id="logout",
        summary="Sign out",
        description="Ends this session, the others, or all of them; their access tokens stop "
        "working at once.",
        body=LogoutSchema,
        answers=[Answer(204, "Signed out")],
    )
    async def post(self) -> web.Response:
        """End sessions."""
        session_id, scope = self.session_id, self.body["scope"]
        sessions = self.services.sessions
        await sessions.sign_out(self.user.id, session_id, scope, self.caller)
        return web.Response(status=204, headers=None if scope is Scope.OTHERS else CLEAR_CACHE)


class SessionsView(AccountView):
    """The signed-in user's sessions."""

    @operation(
        tag="users",
        id="list_my_sessions",
        summary="Where am I signed in?",
        description="The sessions that have not ended, the last used one first.",
        answers=[Answer(200, "The sessions", SessionsAnswer)],
    )
    async def get(self) -> web.Response:
        """Return the user's sessions: all of them fit on one page, so there is no cursor."""
        current = self.session_id
        page = await self.services.sessions.page(self.user.id)
        items = [{**session, "current": session["id"] == current} for session in page.rows]
        return json_response({"items": items})


class SessionView(AccountView):
    """One session of the signed-in user."""

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


def _tokens(pair: TokenPair) -> web.Response:
    return json_response({**vars(pair), "token_type": "bearer"})
