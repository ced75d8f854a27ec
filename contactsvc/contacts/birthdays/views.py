"""Upcoming birthdays."""

from datetime import date, timedelta
from functools import partial
from operator import attrgetter
from zoneinfo import ZoneInfo

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.birthdays.schemas import BirthdayQuerySchema, BirthdaysAnswer
from contactsvc.contacts.birthdays.service import upcoming
from contactsvc.contacts.page_size import bounded
from contactsvc.contacts.views import contacts_of
from contactsvc.platform.clock import today
from contactsvc.platform.database.keysets import Page
from contactsvc.web.listing import Listing
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.view import json_response


class BirthdaysView(AccountView):
    """The birthdays of the coming days."""

    @operation(
        tag="contacts",
        id="list_birthdays",
        summary="Upcoming birthdays",
        description="From today in tz to today + days, both included, across the year's end. In "
        "pages: next_cursor brings the next one, of the same window even after midnight.",
        access=DATA,
        query=BirthdayQuerySchema,
        answers=[Answer(200, "The nearest first", BirthdaysAnswer)],
    )
    async def get(self) -> web.Response:
        """Return a page of the birthdays of the coming days."""
        listing, days = Listing(self), self.query["days"]
        first, after = today(ZoneInfo(self.query["tz"])), None
        if listing.after is not None:
            begun, *after = listing.after
            first = date.fromisoformat(begun)
        contacts, leap_day = contacts_of(self.request), self.query["leap_day"]
        read = partial(upcoming, contacts, first, days, leap_day)
        page = await bounded(read, listing.limit, after, attrgetter("contact"))
        position = page.next_position and [first.isoformat(), *page.next_position]
        items = [
            contact_json(
                birthday.contact,
                self.url(""),
                next_birthday=birthday.on,
                days_until=birthday.days_until,
                turns=birthday.turns,
            )
            for birthday in page.rows
        ]
        window = {"from": first, "to": first + timedelta(days=days)}
        return json_response(window | listing.answer(Page(items, position)))
