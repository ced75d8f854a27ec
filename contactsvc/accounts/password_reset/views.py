"""Reset of a forgotten password by a mailed link."""

from aiohttp import web

from contactsvc.accounts.password_reset.schemas import (
    NewPasswordSchema,
    PasswordUpdatedAnswer,
    ValidLinkAnswer,
)
from contactsvc.accounts.registration.schemas import MailedEmailSchema, TokenPathSchema
from contactsvc.accounts.view import AccountView
from contactsvc.platform.errors import ValidationFailed
from contactsvc.web.operation import PUBLIC, Answer, operation
from contactsvc.web.pages import HTML, asks_for_json, page, wants_page
from contactsvc.web.schemas import JSON, AcceptedAnswer
from contactsvc.web.throttled import MAIL
from contactsvc.web.view import accepted, json_response


class RequestResetView(AccountView):
    """Request for a mail with a link that resets the password."""

    @operation(
        tag="auth",
        id="request_password_reset",
        summary="Send a link to reset the password",
        description="The answer is the same for every e-mail.",
        access=PUBLIC,
        throttles=[MAIL],
        body=MailedEmailSchema,
        answers=[Answer(202, "It will be sent where there is an account", AcceptedAnswer)],
        media_types=[JSON, HTML],
    )
    async def post(self) -> web.Response:
        """Queue the mail."""
        await self.services.password_reset.request(self.body["email"])
        if wants_page(self.request):
            text = "Open the link in the mail to choose a password. You can close this page."
            return page("A mail is on its way", text, status=202)
        return accepted()


class PasswordResetView(AccountView):
    """The link that resets a password."""

    @operation(
        tag="auth",
        id="open_password_reset",
        summary="Follow the link of a password reset",
        description="A program that asks for JSON by name (`Accept: application/json`) is told "
        "until when. Everybody else gets the form for the new password. Nothing is changed.",
        access=PUBLIC,
        path=TokenPathSchema,
        answers=[Answer(200, "The link works, or the form", ValidLinkAnswer)],
        problems=["invalid_token"],
        media_types=[JSON, HTML],
        any_accept=True,
        any_query=True,
    )
    async def get(self) -> web.Response:
        """Tell whether the link works, or show the form."""
        expires_at = await self.services.password_reset.check(self.path["token"])
        if asks_for_json(self.request):
            return json_response({"status": "valid", "expires_at": expires_at})
        return self._form()

    @operation(
        tag="auth",
        id="reset_password",
        summary="Set the new password",
        description="Ends every session and app password, and signs nobody in. An e-mail that was "
        "not confirmed is confirmed by it.",
        access=PUBLIC,
        path=TokenPathSchema,
        body=NewPasswordSchema,
        answers=[Answer(200, "The new password counts", PasswordUpdatedAnswer)],
        problems=["invalid_token"],
        media_types=[JSON, HTML],
        any_query=True,
    )
    async def post(self) -> web.Response:
        """Set the new password."""
        if not wants_page(self.request):
            return await self._reset()
        try:
            await self._reset()
        except ValidationFailed as error:
            return self._form(error.errors[0].detail)
        return page(
            "Your password is changed",
            "All sessions have been ended. You can sign in with the new password now.",
        )

    async def _reset(self) -> web.Response:
        reset = self.services.password_reset
        await reset.reset(self.path["token"], self.body["password"], self.caller)
        return json_response({"status": "password_updated"})

    def _form(self, error: str | None = None) -> web.Response:
        min_length = self.services.settings.password_min_length
        return page(
            "Choose a new password",
            f"At least {min_length} characters; a few words that only you would put together.",
            template="new_password.html",
            status=200 if error is None else 422,
            error=error,
            min_length=min_length,
        )
