"""The signed-in user."""

from aiohttp import web
from aiohttp_apispec import docs, json_schema, response_schema

from contactsvc.accounts.users.schemas import (
    DeletionSchema,
    EmailChangeSchema,
    PasswordChangeSchema,
    UserAnswer,
    UserPatchSchema,
)
from contactsvc.accounts.view import AccountView
from contactsvc.web.access import LOGIN, MAIL, throttled
from contactsvc.web.schemas import AcceptedAnswer
from contactsvc.web.view import CLEAR_CACHE, json_response


class MeView(AccountView):
    """Oneself."""

    @docs(tags=["users"], operationId="get_me", summary="Who am I?")
    @response_schema(UserAnswer, 200, description="The signed-in user")
    async def get(self) -> web.Response:
        """Return the signed-in user; no query is needed for it."""
        return json_response(self.user_answer(self.user))

    @docs(tags=["users"], operationId="update_me", summary="Change my name or region")
    @json_schema(UserPatchSchema)
    @response_schema(UserAnswer, 200, description="The changed user")
    async def patch(self) -> web.Response:
        """Change what users may change of themselves."""
        user = self.user
        if self.body:
            user = await self.services.users.edit(user.id, self.body)
        return json_response(self.user_answer(user))

    @throttled(LOGIN)
    @docs(
        tags=["users"],
        operationId="delete_me",
        summary="Delete my account",
        description=(
            "With its contacts, sign-ins and the record of its mail. Events of the audit log stay "
            "for their time; they name the account by its number."
        ),
        responses={"204": {"description": "The account and its contacts are gone"}},
        problems=["invalid_credentials", "last_admin"],
    )
    @json_schema(DeletionSchema)
    async def delete(self) -> web.Response:
        """Delete the account."""
        await self.services.accounts.delete(self.user, self.body["password"], self.caller)
        return web.Response(status=204, headers=CLEAR_CACHE)


class MyPasswordView(AccountView):
    """One's own password."""

    @throttled(LOGIN)
    @docs(
        tags=["users"],
        operationId="change_password",
        summary="Change my password",
        description="The other sessions end. This one goes on: its access token is renewed by a "
        "refresh.",
        responses={"204": {"description": "Changed"}},
        problems=["invalid_credentials"],
    )
    @json_schema(PasswordChangeSchema)
    async def put(self) -> web.Response:
        """Change the password."""
        body, session_id = self.body, self.session_id
        await self.services.accounts.change_password(
            self.user, session_id, body["current_password"], body["new_password"], self.caller
        )
        return web.Response(status=204)


class MyEmailView(AccountView):
    """One's own e-mail."""

    @throttled(LOGIN, MAIL)
    @docs(
        tags=["users"],
        operationId="change_email",
        summary="Change my e-mail",
        description="It counts when it has been confirmed from the new address; the old one gets "
        "a notice.",
        problems=["invalid_credentials"],
    )
    @json_schema(EmailChangeSchema)
    @response_schema(AcceptedAnswer, 202, description="A confirmation will be sent")
    async def post(self) -> web.Response:
        """Ask for another e-mail."""
        body = self.body
        await self.services.accounts.change_email(
            self.user, body["email"], body["password"], self.caller
        )
        return json_response({"status": "accepted"}, status=202)
