"""Upcoming birthdays."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp_apispec import docs, querystring_schema, response_schema

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.birthdays.schemas import BirthdayQuerySchema, BirthdaysAnswer
from contactsvc.contacts.birthdays.service import upcoming
from contactsvc.contacts.views import contacts_of
from contactsvc.platform.clock import today
from contactsvc.web.view import json_response


class BirthdaysView(AccountView):
    """Whose birthday is next."""

    @docs(
        tags=["contacts"],
        operationId="list_birthdays",
        summary="Upcoming birthdays",
        description="From today in tz to today + days, both included, across the year's end. In "
        "pages: next_cursor brings the next one, of the same window even after midnight.",
    )
    @querystring_schema(BirthdayQuerySchema)
    @response_schema(BirthdaysAnswer, 200, description="The nearest first")
    async def get(self) -> web.Response:
        """Return a page of the birthdays of the coming days."""
        query, cursors = self.query, self.services.cursors
        days, leap_day = query["days"], query["leap_day"]
        listing = f"birthdays:{self.user.id}:{days}:{query['tz']}:{leap_day}"
        first, after = today(ZoneInfo(query["tz"])), None
        if query["cursor"] is not None:
            begun, *after = cursors.open(listing, query["cursor"])
            first = date.fromisoformat(begun)
        page = await upcoming(
            contacts_of(self.request), first, days, leap_day, query["limit"], after
        )
        next_cursor = None
        if page.next_position is not None:
            next_cursor = cursors.seal(listing, [first.isoformat(), *page.next_position])
        items = [
            {
                **birthday.contact,
                "next_birthday": birthday.on,
                "days_until": birthday.days_until,
                "turns": birthday.turns,
            }
            for birthday in page.rows
        ]
        window = {"from": first, "to": first + timedelta(days=days)}
        return json_response(window | {"items": items, "next_cursor": next_cursor})
