"""Confirmation of an e-mail."""

from aiohttp import web
from aiohttp_apispec import docs, json_schema, match_info_schema, response_schema

from contactsvc.access import MAIL, any_query, public, throttled
from contactsvc.keys import CONFIRMATION
from contactsvc.schemas.base import JSON, AcceptedAnswer
from contactsvc.schemas.confirmation import (
    ConfirmedAnswer,
    EmailSchema,
    NothingSchema,
    TokenPathSchema,
)
from contactsvc.views.base import View, json_response
from contactsvc.views.pages import HTML, page, wants_page


class RequestEmailView(View):
    """The confirmation is sent again."""

    @public
    @throttled(MAIL)
    @docs(
        tags=["auth"],
        operationId="request_confirmation",
        summary="Send the confirmation again",
        description="The answer is the same for every e-mail.",
    )
    @json_schema(EmailSchema)
    @response_schema(AcceptedAnswer, 202, description="It will be sent where one is due")
    async def post(self) -> web.Response:
        """Ask for the mail."""
        await self.request.app[CONFIRMATION].request(self.body["email"])
        return json_response({"status": "accepted"}, status=202)


class ConfirmedEmailView(View):
    """The link of the mail."""

    @public
    @any_query
    @docs(
        tags=["auth"],
        operationId="open_confirmation",
        summary="Follow the link of a confirmation",
        description="A browser gets a page with a button, any other client confirms. Doing it "
        "again changes nothing.",
        produces=[JSON, HTML],
        problems=["invalid_token", "email_taken"],
    )
    @match_info_schema(TokenPathSchema)
    @response_schema(ConfirmedAnswer, 200, description="Confirmed, or a page that asks")
    async def get(self) -> web.Response:
        """Confirm, or ask a person to press a button, because mail scanners follow links too."""
        if not wants_page(self.request):
            return await self._confirm()
        await self.request.app[CONFIRMATION].check(self.path["token"])
        text = "Press the button to confirm that this address is yours."
        return page("Confirm your e-mail", text, template="confirm_email.html")

    @public
    @any_query
    @docs(tags=["auth"], produces=[JSON, HTML])
    @match_info_schema(TokenPathSchema)
    async def head(self) -> web.Response:
        """Tell whether the link works; nobody means to confirm by HEAD."""
        await self.request.app[CONFIRMATION].check(self.path["token"])
        return json_response({"status": "confirmed"})

    @public
    @any_query
    @docs(
        tags=["auth"],
        operationId="confirm_email",
        summary="Confirm an e-mail",
        produces=[JSON, HTML],
        problems=["invalid_token", "email_taken"],
    )
    @match_info_schema(TokenPathSchema)
    @json_schema(NothingSchema)
    @response_schema(ConfirmedAnswer, 200, description="Confirmed, now or before")
    async def post(self) -> web.Response:
        """Confirm."""
        answer = await self._confirm()
        if not wants_page(self.request):
            return answer
        return page("Your e-mail is confirmed", "You can sign in now, and close this page.")

    async def _confirm(self) -> web.Response:
        await self.request.app[CONFIRMATION].confirm(self.path["token"], self.caller)
        return json_response({"status": "confirmed"})
