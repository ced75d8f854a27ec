"""Sign-up, sign-in, renewal and sign-out."""

from dataclasses import asdict

from aiohttp import web

from contactsvc.accounts.sessions.auth_schemas import (
    LoginSchema,
    LogoutSchema,
    RefreshSchema,
    RegisterAnswer,
    RegisterSchema,
    TokensAnswer,
)
from contactsvc.accounts.sessions.service import Scope, TokenPair
from contactsvc.accounts.view import AccountView
from contactsvc.web.operation import LOGIN, MAIL, PUBLIC, Answer, operation
from contactsvc.web.view import CLEAR_CACHE, json_response


class RegisterView(AccountView):
    """Accounts are made here."""

    @operation(
        tag="auth",
        id="register",
        summary="Make an account",
        description="The answer is the same whether or not the e-mail has an account already.",
        access=PUBLIC,
        throttles=[MAIL],
        body=RegisterSchema,
        answers=[Answer(201, "Made, or made before", RegisterAnswer)],
        problems=["email_taken"],
    )
    async def post(self) -> web.Response:
        """Make an account."""
        body = self.body
        await self.services.accounts.register(
            body["email"], body["password"], body["name"], self.caller
        )
        answer = {"email": body["email"], "name": body["name"], "confirmed": False}
        return json_response(answer, status=201)


class LoginView(AccountView):
    """Sessions begin here."""

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
    """Sessions are renewed here."""

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
        """Trade a refresh token for a new pair."""
        sessions = self.services.sessions
        return _tokens(await sessions.refresh(self.body["refresh_token"], self.caller))


class LogoutView(AccountView):
    """Sessions end here."""

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


def _tokens(pair: TokenPair) -> web.Response:
    return json_response({**asdict(pair), "token_type": "bearer"})
