"""The signed-in user."""

from aiohttp import web

from contactsvc.accounts.users.schemas import (
    DeletionSchema,
    EmailChangeSchema,
    PasswordChangeSchema,
    UserAnswer,
    UserPatchSchema,
)
from contactsvc.accounts.view import AccountView
from contactsvc.web.operation import Answer, operation
from contactsvc.web.schemas import AcceptedAnswer
from contactsvc.web.throttled import LOGIN, MAIL
from contactsvc.web.view import CLEAR_CACHE, accepted, json_response


class MeView(AccountView):
    """The signed-in user's account."""

    @operation(
        tag="users",
        id="get_me",
        summary="Who am I?",
        answers=[Answer(200, "The signed-in user", UserAnswer)],
    )
    async def get(self) -> web.Response:
        """Return the signed-in user; no query is needed for it."""
        return json_response(self.user_answer(self.user))

    @operation(
        tag="users",
        id="update_me",
        summary="Change my name or region",
        body=UserPatchSchema,
        answers=[Answer(200, "The changed user", UserAnswer)],
    )
    async def patch(self) -> web.Response:
        """Change what users may change of themselves."""
        user = self.user
        if self.body:
            user = await self.services.users.edit(user.id, self.body)
        return json_response(self.user_answer(user))

    @operation(
        tag="users",
        id="delete_me",
        summary="Delete my account",
        description="With its contacts, sign-ins and the record of its mail. Events of the audit "
        "log stay for their time; they name the account by its number.",
        throttles=[LOGIN],
        body=DeletionSchema,
        answers=[Answer(204, "The account and its contacts are gone")],
        problems=["invalid_credentials", "last_admin"],
    )
    async def delete(self) -> web.Response:
        """Delete the account."""
        await self.services.accounts.delete(self.user, self.body["password"], self.caller)
        return web.Response(status=204, headers=CLEAR_CACHE)


class MyPasswordView(AccountView):
    """One's own password."""

    @operation(
        tag="users",
        id="change_password",
        summary="Change my password",
        description="The other sessions and all app passwords end. This session goes on: its "
        "access token is renewed by a refresh.",
        throttles=[LOGIN],
        body=PasswordChangeSchema,
        answers=[Answer(204, "Changed")],
        problems=["invalid_credentials"],
    )
    async def put(self) -> web.Response:
        """Change the password."""
        body, session_id = self.body, self.session_id
        await self.services.accounts.change_password(
            self.user, session_id, body["current_password"], body["new_password"], self.caller
        )
        return web.Response(status=204)


class MyEmailView(AccountView):
    """One's own e-mail."""

    @operation(
        tag="users",
        id="change_email",
        summary="Change my e-mail",
        description="It counts when it has been confirmed from the new address; the old one gets "
        "a notice.",
        throttles=[LOGIN, MAIL],
        body=EmailChangeSchema,
        answers=[Answer(202, "A confirmation will be sent", AcceptedAnswer)],
        problems=["invalid_credentials"],
    )
    async def post(self) -> web.Response:
        """Ask for another e-mail."""
        body = self.body
        await self.services.accounts.change_email(
            self.user, body["email"], body["password"], self.caller
        )
        return accepted()
