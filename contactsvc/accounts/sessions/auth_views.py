"""Sign-up, sign-in, renewal and sign-out."""

from dataclasses import asdict

from aiohttp import web
from aiohttp_apispec import docs, json_schema, response_schema

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
from contactsvc.web.access import LOGIN, MAIL, public, throttled
from contactsvc.web.view import CLEAR_CACHE, json_response


class RegisterView(AccountView):
    """Accounts are made here."""

    @public
    @throttled(MAIL)
    @docs(
        tags=["auth"],
        operationId="register",
        summary="Make an account",
        description="The answer is the same whether or not the e-mail has an account already.",
        problems=["email_taken"],
    )
    @json_schema(RegisterSchema)
    @response_schema(RegisterAnswer, 201, description="Made, or made before")
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

    @public
    @throttled(LOGIN)
    @docs(
        tags=["auth"],
        operationId="login",
        summary="Sign in",
        description="With JSON, or with the form of OAuth 2.0's password grant.",
        problems=["invalid_credentials", "email_not_confirmed", "account_disabled"],
    )
    @json_schema(LoginSchema)
    @response_schema(TokensAnswer, 200, description="Signed in")
    async def post(self) -> web.Response:
        """Begin a session."""
        body = self.body
        sessions = self.services.sessions
        return _tokens(await sessions.sign_in(body["email"], body["password"], self.caller))


class RefreshView(AccountView):
    """Sessions are renewed here."""

    @public
    @docs(
        tags=["auth"],
        operationId="refresh",
        summary="Renew the tokens",
        description="A refresh token is good for one use; the answer holds the next one. Whoever "
        "has lost the answer may ask again within ten seconds and gets the same one. A token that "
        "was used before ends the session.",
        problems=["unauthenticated"],
    )
    @json_schema(RefreshSchema)
    @response_schema(TokensAnswer, 200, description="Renewed")
    async def post(self) -> web.Response:
        """Trade a refresh token for a new pair."""
        sessions = self.services.sessions
        return _tokens(await sessions.refresh(self.body["refresh_token"], self.caller))


class LogoutView(AccountView):
    """Sessions end here."""

    @docs(
        tags=["auth"],
        operationId="logout",
        summary="Sign out",
        description="Ends this session, the others, or all of them; their access tokens stop "
        "working at once.",
        responses={"204": {"description": "Signed out"}},
    )
    @json_schema(LogoutSchema)
    async def post(self) -> web.Response:
        """End sessions."""
        session_id, scope = self.session_id, self.body["scope"]
        sessions = self.services.sessions
        await sessions.sign_out(self.user.id, session_id, scope, self.caller)
        return web.Response(status=204, headers=None if scope is Scope.OTHERS else CLEAR_CACHE)


def _tokens(pair: TokenPair) -> web.Response:
    return json_response({**asdict(pair), "token_type": "bearer"})
