"""Expect: 100-continue. A client that waits for being asked is asked once it may send its body."""

import asyncio

import pytest

from contactsvc.contacts.schemas.limits import MAX_BYTES
from tests.conftest import Client, Person
from tests.support.waiting import PATIENCE

CONTACT = b'{"first_name": "Ada"}'


async def exchange(client: Client, token: str, *lines: str) -> list[str]:
    """Send the head of a request, and the body once it is asked for; return the status lines."""
    assert client.server.port
    reader, writer = await asyncio.open_connection(client.server.host, client.server.port)
    head = ("POST /api/contacts/ HTTP/1.1", "Host: x", f"Authorization: Bearer {token}", *lines)
    writer.write("\r\n".join((*head, "", "")).encode())
    answers = [await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)]
    if answers[0].startswith(b"HTTP/1.1 100 "):
        writer.write(CONTACT)
        answers.append(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE))
    writer.close()
    await writer.wait_closed()
    return [answer.decode().split("\r\n")[0] for answer in answers]


LENGTH = ("Content-Type: application/json", f"Content-Length: {len(CONTACT)}")


@pytest.mark.parametrize("expectation", ["100-continue", "100-Continue"])
async def test_who_may_send_is_asked(grace: Person, expectation: str) -> None:
    token = grace.tokens["access_token"]

    lines = await exchange(grace.client, token, *LENGTH, f"Expect: {expectation}")

    assert lines == ["HTTP/1.1 100 Continue", "HTTP/1.1 201 Created"]


async def test_who_may_not_is_refused_without_being_asked(client: Client) -> None:
    lines = await exchange(client, "garbage", *LENGTH, "Expect: 100-continue")

    assert lines == ["HTTP/1.1 401 Unauthorized"]


async def test_what_is_too_large_is_not_asked_for(grace: Person) -> None:
    length = f"Content-Length: {MAX_BYTES + 1}"
    large = ("Content-Type: application/json", length, "Expect: 100-continue")

    lines = await exchange(grace.client, grace.tokens["access_token"], *large)

    assert [line.split()[:2] for line in lines] == [["HTTP/1.1", "413"]]


async def test_expectations_that_nobody_knows_are_passed_over(grace: Person) -> None:
    headers = {"Expect": "the-unexpected"}

    assert (await grace.get("/api/users/me", headers=headers)).status == 200
