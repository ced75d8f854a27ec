"""Registration, and the confirmation of its e-mail."""

from typing import Final

from aiohttp import web

from contactsvc.accounts.registration.schemas import (
    ConfirmationSchema,
    ConfirmedAnswer,
    EmailSchema,
    RegisterAnswer,
    RegisterSchema,
    TokenPathSchema,
)
from contactsvc.accounts.view import AccountView
from contactsvc.platform.errors import InvalidCredentials, ServiceError, ValidationFailed
from contactsvc.web.operation import PUBLIC, Answer, operation
from contactsvc.web.pages import HTML, asks_for_json, page, wants_page
from contactsvc.web.schemas import FORM, JSON, MULTIPART, AcceptedAnswer
from contactsvc.web.throttled import LOGIN, MAIL
from contactsvc.web.view import accepted, json_response


class RegisterView(AccountView):
    """Registration."""

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
        """Store a registration."""
        body = self.body
        await self.services.accounts.register(
            body["email"], body["password"], body["name"], self.caller
        )
        answer = {"email": body["email"], "name": body["name"], "confirmed": False}
        return json_response(answer, status=201)


class RequestEmailView(AccountView):
    """Request for another mail with the link of a confirmation."""

    @operation(
        tag="auth",
        id="request_confirmation",
        summary="Send the confirmation again",
        description="The answer is the same for every e-mail.",
        access=PUBLIC,
        throttles=[MAIL],
        body=EmailSchema,
        answers=[Answer(202, "It will be sent where one is due", AcceptedAnswer)],
    )
    async def post(self) -> web.Response:
        """Queue the mail."""
        await self.services.confirmation.request(self.body["email"])
        return accepted()


class ConfirmedEmailView(AccountView):
    """The link that confirms an e-mail."""

    @operation(
        tag="auth",
        id="open_confirmation",
        summary="Follow the link of a confirmation",
        description="A program that asks for JSON by name (`Accept: application/json`) confirms. "
        "Everybody else gets a page that asks for the password that was chosen with the e-mail; "
        "it changes nothing. Doing it again changes nothing either.",
        access=PUBLIC,
        path=TokenPathSchema,
        answers=[Answer(200, "Confirmed, or a page that asks", ConfirmedAnswer)],
        problems=["invalid_token", "email_taken", "last_admin"],
        media_types=[JSON, HTML],
        any_accept=True,
        any_query=True,
    )
    async def get(self) -> web.Response:
        """Confirm, or ask a person for the password: mail gateways follow links, too."""
        if not asks_for_json(self.request):
            return await self._page()
        await self.services.confirmation.confirm(self.path["token"], self.caller)
        return json_response(_CONFIRMED)

    @operation(
        tag="auth",
        id="check_confirmation",
        summary="Does the link of a confirmation work?",
        access=PUBLIC,
        path=TokenPathSchema,
        answers=[Answer(200, "It does")],
        media_types=[JSON, HTML],
        any_accept=True,
        any_query=True,
    )
    async def head(self) -> web.Response:
        """Tell whether the link works; nobody means to confirm by HEAD."""
        if not asks_for_json(self.request):
            return await self._page()
        await self.services.confirmation.check(self.path["token"])
        return json_response(_CONFIRMED)

    @operation(
        tag="auth",
        id="confirm_email",
        summary="Confirm an e-mail",
        description="By the form, the password must be that of the registration that the link was "
        "mailed for; for a new e-mail of an account it is the account's. JSON may leave it out.",
        access=PUBLIC,
        throttles=[LOGIN],
        path=TokenPathSchema,
        body=ConfirmationSchema,
        answers=[Answer(200, "Confirmed, now or before", ConfirmedAnswer)],
        problems=["invalid_token", "invalid_credentials", "email_taken", "last_admin"],
        media_types=[JSON, HTML],
        any_query=True,
    )
    async def post(self) -> web.Response:
        """Check the password if there is one, or must be, and confirm."""
        confirmation, token = self.services.confirmation, self.path["token"]
        person = wants_page(self.request)
        password = self.body.get("password")
        try:
            form = self.request.content_type in (FORM, MULTIPART)
            if person or password is not None or form:
                await confirmation.check_password(token, password, self.caller)
        except (InvalidCredentials, ValidationFailed) as error:
            if person:
                return await self._page(error)
            raise
        await confirmation.confirm(token, self.caller)
        return _done() if person else json_response(_CONFIRMED)

    async def _page(self, error: ServiceError | None = None) -> web.Response:
        """Return the form, or where the link is used, what it has done."""
        checked = await self.services.confirmation.check(self.path["token"])
        if checked.is_used:
            return _done()
        email = checked.registered_email
        chosen = "that you chose when you registered with" if email else "of your account, to use"
        wrong = isinstance(error, InvalidCredentials)
        return page(
            "Confirm your e-mail",
            f"Type the password {chosen} {email or 'this e-mail address'}.",
            template="confirm_email.html",
            status=(401 if wrong else 422) if error else 200,
            error=_words(error) if error else None,
            # The mailbox is theirs: a link that is sent there sets a password of their own.
            email=email if wrong else None,
            reset=f"{_up(self.request)}update_password",
        )


_CONFIRMED: Final = {"status": "confirmed"}


def _done() -> web.Response:
    return page("Your e-mail is confirmed", "You can sign in now, and close this page.")


def _words(error: ServiceError) -> str:
    if isinstance(error, ValidationFailed):
        return error.errors[0].detail
    return error.detail


def _up(request: web.Request) -> str:
    """Return the relative URL of the links' parent, which holds below any prefix of a proxy."""
    return "../../" if request.path.endswith("/") else "../"
