"""Entity tags: who has read a contact already, and who changes what somebody else has changed."""

import asyncio
from typing import Any

import pytest
from multidict import CIMultiDict

from tests.conftest import Person, problem
from tests.contacts.test_views import ONE, fields
from tests.support.over_http import ADA


async def test_a_contact_that_the_caller_has_is_not_sent_again(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for seen in ["{etag}", "W/{etag}", '"other", {etag}', 'W/"other",W/{etag}', "*"]:
        for method in ["GET", "HEAD"]:
            with subtests.test(seen=seen, method=method):
                etag = (await ada.get(ONE)).headers["ETag"]

                response = await ada.request(
                    method, ONE, headers={"If-None-Match": seen.format(etag=etag)}
                )

                assert response.status == 304
                assert response.headers["ETag"] == etag
                assert response.headers["Cache-Control"] == "private, no-cache"
                assert await response.read() == b""


async def test_a_contact_that_the_caller_has_not_is_sent(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for seen in ['"other"', 'W/"other"', '"other", "1x"', "1", "", "garbage, *"]:
        with subtests.test(seen=seen):
            response = await ada.get(ONE, headers={"If-None-Match": seen})

            assert response.status == 200
            assert fields(await response.json()) == ADA


async def test_a_changed_contact_is_sent_again(ada: Person) -> None:
    etag = (await ada.get(ONE)).headers["ETag"]
    await ada.patch(ONE, json={"notes": "changed"})

    response = await ada.get(ONE, headers={"If-None-Match": etag})

    assert response.status == 200
    assert response.headers["ETag"] != etag


async def write(person: Person, method: str, **kwargs: Any) -> int:
    """Change or delete the contact and return the status."""
    if method != "DELETE":
        kwargs.setdefault("json", {"first_name": "Augusta"})
    response = await person.request(method, ONE, **kwargs)
    if response.status == 412:
        await problem(response, 412, "precondition_failed")
    return response.status


WRITERS = pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])


@WRITERS
@pytest.mark.parametrize("expected", ["{etag}", '"other", {etag}', '{etag},"other"', "*"])
async def test_a_precondition_that_holds(ada: Person, method: str, expected: str) -> None:
    etag = (await ada.get(ONE)).headers["ETag"]

    status = await write(ada, method, headers={"If-Match": expected.format(etag=etag)})

    assert status in (200, 204)


NOT_THE_TAG = ["W/{etag}", '"other"', '"99999999999999999999"', '"-1"', '""', "1", '"1', "", "x"]


@WRITERS
async def test_a_precondition_that_does_not_hold(ada: Person, method: str) -> None:
    """Weak tags never match (RFC 9110, 13.1.1), and what is no tag is no tag of this contact."""
    etag = (await ada.get(ONE)).headers["ETag"]

    for expected in NOT_THE_TAG:
        status = await write(ada, method, headers={"If-Match": expected.format(etag=etag)})
        assert status == 412, expected
    assert fields(await (await ada.get(ONE)).json()) == ADA


@WRITERS
async def test_a_stale_precondition_does_not_hold(ada: Person, method: str) -> None:
    stale = (await ada.get(ONE)).headers["ETag"]
    await ada.patch(ONE, json={"notes": "changed"})

    assert await write(ada, method, headers={"If-Match": stale}) == 412
    assert (await (await ada.get(ONE)).json())["notes"] == "changed"


@WRITERS
async def test_a_list_of_tags_may_come_on_several_lines(ada: Person, method: str) -> None:
    """RFC 9110, 5.3: they are as one line, joined with commas."""
    etag = (await ada.get(ONE)).headers["ETag"]
    headers = CIMultiDict(ada.headers)
    headers.add("If-Match", '"other"')
    headers.add("If-Match", etag)
    body = None if method == "DELETE" else {"first_name": "Augusta"}

    response = await ada.client.request(method, ONE, headers=headers, json=body)

    assert response.status in (200, 204)


@WRITERS
async def test_what_must_not_be_there(ada: Person, method: str) -> None:
    """RFC 9110, 13.1.2: weak tags match here, and * matches whatever is there."""
    etag = (await ada.get(ONE)).headers["ETag"]

    for unwanted in ("*", etag, f"W/{etag}", f'"other", {etag}'):
        for more in ({}, {"If-Match": "*"}, {"If-Match": etag}):
            headers = {"If-None-Match": unwanted} | more
            assert await write(ada, method, headers=headers) == 412, headers
    assert (await ada.get(ONE)).headers["ETag"] == etag
    assert await write(ada, method, headers={"If-None-Match": '"other", "99"'}) in (200, 204)


@WRITERS
async def test_nothing_is_there_at_a_missing_contact(grace: Person, method: str) -> None:
    assert await write(grace, method, headers={"If-None-Match": "*"}) == 404


@WRITERS
async def test_a_missing_contact_is_missing_whatever_is_expected(
    grace: Person, method: str, subtests: pytest.Subtests
) -> None:
    for expected in ["*", '"1"']:
        with subtests.test(expected=expected):
            assert await write(grace, method, headers={"If-Match": expected}) == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_of_twenty_updates_of_one_version_one_wins(ada: Person, method: str) -> None:
    headers = {"If-Match": (await ada.get(ONE)).headers["ETag"]}
    names = [f"Ada {n}" for n in range(20)]

    statuses = await asyncio.gather(
        *(write(ada, method, json={"first_name": name}, headers=headers) for name in names)
    )

    assert sorted(statuses) == [200] + [412] * 19
    after = await (await ada.get(ONE)).json()
    assert after["first_name"] == names[statuses.index(200)]
