"""Birthdays as a calendar, and the secret URL by which programs subscribe to it."""

from typing import Final

from aiohttp import hdrs, web

from contactsvc.accounts.throttling import address_block
from contactsvc.accounts.view import AccountView
from contactsvc.contacts.birthdays.feed.calendar import EXAMPLE
from contactsvc.contacts.birthdays.feed.schemas import (
    BirthdayFeedAnswer,
    CalendarPathSchema,
    CalendarQuerySchema,
)
from contactsvc.contacts.birthdays.feed.service import open_feed
from contactsvc.contacts.services import ContactServices, services_of
from contactsvc.platform.redis.throttle import Policy
from contactsvc.web.operation import PUBLIC, Answer, operation
from contactsvc.web.preconditions import is_known, validators
from contactsvc.web.streams import streamed
from contactsvc.web.view import json_response

CALENDAR: Final = "text/calendar"
_NAME: Final = {"Content-Disposition": 'inline; filename="birthdays.ics"'}


class BirthdayFeedView(AccountView):
    """The URL of the signed-in user's birthday calendar."""

    @operation(
        tag="users",
        id="create_birthday_feed",
        summary="Make a URL for my birthday calendar",
        description="A secret URL, to which calendar programs subscribe without signing in. The "
        "answer is the only one that shows it. An earlier one stops working at once. What ends "
        "all app passwords ends it, too: a change or reset of the password, an administrator who "
        "disables the account or signs it out.",
        answers=[Answer(201, "Made", BirthdayFeedAnswer)],
    )
    async def post(self) -> web.Response:
        """Make a URL, instead of the one that there may be."""
        secret = await self.services.feed_secrets.create(self.user, self.caller)
        return json_response({"url": self.url(f"/api/birthdays/{secret}.ics")}, status=201)

    @operation(
        tag="users",
        id="end_birthday_feed",
        summary="End the URL of my birthday calendar",
        description="It stops working at once. If there is none, that is well, too.",
        answers=[Answer(204, "There is none any more")],
    )
    async def delete(self) -> web.Response:
        """End the URL."""
        await self.services.feed_secrets.end(self.user.id, self.caller)
        return web.Response(status=204)


class CalendarView(AccountView):
    """The birthday calendar of whoever made its URL."""

    @property
    def services(self) -> ContactServices:
        """The services of the application."""
        return services_of(self.request.app)

    @operation(
        tag="contacts",
        id="get_birthday_calendar",
        summary="Birthdays as a calendar",
        description="All birthdays of an address book as iCalendar (RFC 5545), for whoever knows "
        "the URL. Each is an all-day event that comes again every year, from 1970 or the birth "
        "on, and is named for the contact, with the year of birth where it is known. The ETag "
        "changes with the address book. It is made while it is sent, two at a time.",
        access=PUBLIC,
        path=CalendarPathSchema,
        query=CalendarQuerySchema,
        answers=[
            Answer(
                200,
                "A calendar",
                {"type": "string"},
                headers=["ETag", "Content-Disposition"],
                others={CALENDAR: {"schema": {"type": "string"}, "example": EXAMPLE}},
            ),
            Answer(304, "Not changed since", headers=["ETag"]),
        ],
        problems=["not_found", "rate_limited"],
        request_headers=["If-None-Match"],
        media_types=[CALENDAR],
        any_accept=True,
    )
    async def get(self) -> web.StreamResponse:
        """Send the calendar; 304 if If-None-Match names it."""
        throttle, address = self.services.throttle, address_block(self.caller.ip)
        asked_for = (self.path["secret"], self.query["leap_day"], self.url(""))
        feed = await open_feed(*asked_for, throttle, address)
        headers = validators(feed.digest)
        if is_known(self.request, feed.digest):
            return web.Response(status=304, headers=headers)
        headers |= _NAME
        if self.request.method == hdrs.METH_HEAD:
            return web.Response(headers=headers, content_type=CALENDAR, charset="utf-8")
        with self.services.feeds.admit(feed.owner_id):
            await throttle.hit(Policy.BIRTHDAY_FEED, str(feed.owner_id))
            return await streamed(self.request, feed.pieces(), CALENDAR, headers, "utf-8")
