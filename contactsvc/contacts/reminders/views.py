"""Mails that say whose birthday is near."""

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.reminders import service
from contactsvc.contacts.reminders.repository import Setting
from contactsvc.contacts.reminders.schemas import ReminderAnswer, ReminderSchema
from contactsvc.web.operation import Answer, operation
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
