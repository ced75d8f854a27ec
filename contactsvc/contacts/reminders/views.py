"""Mails that say whose birthday is near."""

from aiohttp import web

from contactsvc.accounts.registration.schemas import TokenPathSchema
from contactsvc.accounts.throttling import address_block
from contactsvc.accounts.view import AccountView
from contactsvc.contacts.reminders import service
from contactsvc.contacts.reminders.repository import Setting
from contactsvc.contacts.reminders.schemas import (
    ReminderAnswer,
    ReminderSchema,
    UnsubscribeAnswer,
)
from contactsvc.contacts.services import ContactServices, services_of
from contactsvc.platform.redis.throttle import Policy
from contactsvc.web.operation import PUBLIC, Answer, operation
from contactsvc.web.pages import HTML, asks_for_json, page, wants_page
from contactsvc.web.schemas import JSON
from contactsvc.web.view import json_response


class BirthdayReminderView(AccountView):
    """The signed-in user's setting."""

    @operation(
        tag="users",
        id="set_birthday_reminder",
        summary="Be told by mail whose birthday is near",
        description="One mail a day at the most, at the hour of the clock in tz, to the confirmed "
        "e-mail of the account, and none on a day without birthdays. Those of 29 February are told "
        "on the 28th in a common year. The setting takes the place of the one before; what is left "
        "out takes its default.",
        body=ReminderSchema,
        answers=[Answer(200, "The setting", ReminderAnswer)],
    )
    async def put(self) -> web.Response:
        """Keep the setting."""
        setting = Setting(**self.body)
        await service.change(self.user.id, setting)
        return json_response(setting)


class UnsubscribeView(AccountView):
    """The link in every reminder by which its reader wants no more of them."""

    @property
    def services(self) -> ContactServices:
        """The services of the application."""
        return services_of(self.request.app)

    @operation(
        tag="users",
        id="open_unsubscription",
        summary="Follow the link of a birthday reminder",
        description="A program that asks for JSON by name (`Accept: application/json`) is told "
        "that the link works. Everybody else gets a page with a button. Nothing is changed: mail "
        "gateways follow links, too.",
        access=PUBLIC,
        path=TokenPathSchema,
        answers=[Answer(200, "The link works, or a page with a button", UnsubscribeAnswer)],
        problems=["invalid_token"],
        media_types=[JSON, HTML],
        any_accept=True,
        any_query=True,
        needs_database=False,
    )
    async def get(self) -> web.Response:
        """Tell whether the link works, or show the button."""
        self.services.unsubscribe_tokens.read(self.path["token"])
        if asks_for_json(self.request):
            return json_response({"status": "valid"})
        return page(
            "No more birthday reminders?",
            "You will not be told by mail any more whose birthday is near. Nothing else changes.",
            template="unsubscribe.html",
        )

    @operation(
        tag="users",
        id="unsubscribe",
        summary="End birthday reminders by the link of one",
        description="As mail programs do with one click (RFC 8058). What the body says is not "
        "looked at. Doing it again changes nothing.",
        access=PUBLIC,
        path=TokenPathSchema,
        answers=[Answer(200, "No more are sent", UnsubscribeAnswer)],
        problems=["invalid_token", "rate_limited"],
        media_types=[JSON, HTML],
        any_accept=True,
        any_query=True,
    )
    async def post(self) -> web.Response:
        """End the reminders."""
        await self.services.throttle.hit(Policy.UNSUBSCRIBE, address_block(self.caller.ip))
        user_id = self.services.unsubscribe_tokens.read(self.path["token"])
        await service.unsubscribe(user_id, self.caller)
        if not wants_page(self.request):
            return json_response({"status": "unsubscribed"})
        return page("No more birthday reminders", "You can ask for them again at any time.")
