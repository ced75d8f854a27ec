"""Upcoming birthdays."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp_apispec import docs, querystring_schema, response_schema

from contactsvc.clock import today
from contactsvc.schemas.birthdays import BirthdayQuerySchema, BirthdaysAnswer
from contactsvc.services.birthdays import upcoming
from contactsvc.views.base import View, json_response
from contactsvc.views.contacts import contacts_of


class BirthdaysView(View):
    """Whose birthday is next."""

    @docs(
        tags=["contacts"],
        operationId="list_birthdays",
        summary="Upcoming birthdays",
        description="From today in tz to today + days, both included, across the year's end.",
    )
    @querystring_schema(BirthdayQuerySchema)
    @response_schema(BirthdaysAnswer, 200, description="The nearest first")
    async def get(self) -> web.Response:
        """Return the birthdays of the coming days."""
        days = self.query["days"]
        first = today(ZoneInfo(self.query["tz"]))
        birthdays = await upcoming(contacts_of(self.request), first, days, self.query["leap_day"])
        items = [
            {
                **birthday.contact,
                "next_birthday": birthday.on,
                "days_until": birthday.days_until,
                "turns": birthday.turns,
            }
            for birthday in birthdays
        ]
        return json_response({"from": first, "to": first + timedelta(days=days), "items": items})
