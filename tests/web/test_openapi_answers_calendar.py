"""A birthday calendar answers as the OpenAPI document says."""

from urllib.parse import urlsplit

from tests.conftest import Person
from tests.support.openapi import Json
from tests.web.test_openapi_answers import assert_as_documented

FEED, CALENDAR = "/api/users/me/birthday_feed", "GET /api/birthdays/{secret}.ics"


async def test_birthday_calendars_are_answered_as_documented(document: Json, grace: Person) -> None:
    made = await grace.post(FEED)
    await assert_as_documented(document, f"POST {FEED}", made)
    url = urlsplit((await made.json())["url"]).path
    etag = (await grace.client.get(url)).headers["ETag"]

    for headers, query, status in (
        ({}, "", 200),
        ({"If-None-Match": etag}, "", 304),
        ({}, "?leap_day=may1", 422),
    ):
        response = await grace.client.get(url + query, headers=headers)
        assert response.status == status
        await assert_as_documented(document, CALENDAR, response)

    await assert_as_documented(document, f"DELETE {FEED}", await grace.delete(FEED))
    gone = await grace.client.get(url)
    assert gone.status == 404
    await assert_as_documented(document, CALENDAR, gone)
