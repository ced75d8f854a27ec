"""Whatever a file is, it is imported as far as it can be read, or refused; nothing breaks."""

from typing import Any

import pytest

from contactsvc.contacts.transfer import service
from tests.conftest import Person, problem
from tests.contacts.transfer.test_views import bring, names, report

ADA = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nEND:VCARD\r\n"
MEGABYTE = 1024 * 1024


def card(*lines: bytes) -> bytes:
    return b"\r\n".join([b"BEGIN:VCARD", b"VERSION:3.0", b"FN:Bob", *lines, b"END:VCARD", b""])


def nested(depth: int) -> bytes:
    begin = b"AGENT:\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nN:Agent\r\n"
    return (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN:Bob\r\n" + begin * depth + b"END:VCARD\r\n" * (depth + 1)
    )


FILES: dict[str, tuple[bytes, bool]] = {
    "a card of 2 MB": (card(b"NOTE:" + b"x" * 2 * MEGABYTE), True),
    "a card of 2 MB of lines": (card(*[b"X-A:" + b"x" * 100] * 20_000), False),
    "a line of 10 MB": (card(b"X-A:" + b"x" * 10 * MEGABYTE), False),
    "a name of 1 MB": (card(b"N:" + b"x" * MEGABYTE + b";;;;"), True),
    "a million empty lines": (b"\r\n" * 1_000_000, False),
    "agents in agents": (nested(1000), False),
    "endless folding": (card(b"NOTE:x" + b"\r\n x" * 500_000), False),
    "folds of nothing": (card(b"NOTE:x" + b"\r\n " * 500_000), False),
    "no end": (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob\r\n" * 100, False),
    "ends without begins": (b"END:VCARD\r\n" * 1000, False),
    "a NUL in a name": (card(b"NICKNAME:\0Rob\0"), True),
    "a broken photo": (card(b"PHOTO;ENCODING=b;TYPE=PNG:!!!!"), True),
    "a million phones": (card(*[b"TEL:112"] * 100_000), False),
    "groups without end": (card(*[b"a%d.X-A:1" % n for n in range(20_000)]), False),
}


@pytest.mark.parametrize("name", FILES)
async def test_a_bad_card_costs_itself_alone(grace: Person, name: str) -> None:
    content, is_read = FILES[name]
    body = await report(await bring(grace, content + ADA, "text/vcard"))
    assert "Ada" in await names(grace)
    assert body["created"] + body["failed"] >= 1
    if is_read:
        assert body["created"] == 2, body["errors"]
    exported = await (await grace.get("/api/contacts/export")).read()
    again = await report(await bring(grace, exported, "text/vcard"))
    assert (again["created"], again["failed"]) == (0, 0)


@pytest.mark.parametrize("form", ["vcard", "csv"])
async def test_a_card_inside_of_another_comes_out_and_in_again(grace: Person, form: str) -> None:
    await report(await bring(grace, nested(3) + ADA, "text/vcard"))
    exported = await grace.get("/api/contacts/export", params={"format": form})
    again = await report(await bring(grace, await exported.read(), exported.content_type))
    assert (again["created"], again["skipped"], again["failed"]) == (0, 2, 0)


async def test_a_file_that_ends_in_the_middle_of_a_character(grace: Person) -> None:
    whole = ADA + "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë\r\nNOTE:é".encode()
    body = await report(await bring(grace, whole[:-1], "text/vcard"))
    assert body["created"] >= 1
    assert "Ada" in await names(grace)


@pytest.mark.parametrize(
    "content",
    [
        b",".join(b"c%d" % n for n in range(10_000)) + b"\n",
        b"Name,Notes\n" + b'"' * 1_000_001,
        b'Name,Notes\nAda,"' + b"x" * 10 * MEGABYTE,
        b"Name\0,Notes\nAda\0,x\0\n",
        b"Name,Notes\n" + b"Ada" + b"," * 100_000 + b"\n",
        b"Name\n" + b"\n" * 1_000_000,
        "Name\r\nAda\r\n".encode("utf-16-le"),
        b"Name\n" + b"\xff\xfe\xfd" * 1000,
        b"sep=" + b"\n" * 1000,
    ],
    ids=range(9),
)
async def test_a_bad_table_is_read_or_refused(grace: Person, content: bytes) -> None:
    response = await bring(grace, content)
    body: dict[str, Any] = await response.json(content_type=None)
    assert response.status in (200, 400), body
    if response.status == 400:
        assert body["code"] == "malformed_body"


@pytest.mark.slow
async def test_50_001_contacts_are_nothing(grace: Person) -> None:
    table = b"Name\n" + b"".join(b"Ada %d\n" % n for n in range(service.MAX_IMPORTED + 1))
    await problem(await bring(grace, table), 413, "payload_too_large")
    assert await names(grace) == []
