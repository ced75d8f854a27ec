"""Whenever the service is killed, a program that syncs loses nothing: its next sync heals."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import asyncpg
import pytest
from aiohttp import ClientError, ClientPayloadError, ClientSession

from contactsvc.contacts.dav.cards.reading import MAX_STORED
from contactsvc.platform.settings import Settings
from tests.conftest import Client
from tests.contacts.dav.support import CARD, XML, Phone, props, sync, vcard
from tests.support.accounts import add_account
from tests.support.app_passwords import add_app_password, basic
from tests.support.locks import until_locks_wait
from tests.support.service_process import Service

pytestmark = pytest.mark.process

EMAIL = "grace@example.com"
WITH_TEXT = props("d:getetag", "card:address-data")
MANY = 64
"""Cards of almost MAX_STORED: several pages, and more than any system holds for a connection."""
LARGE = f"X-ANYTHING:{'x' * (MAX_STORED - 500)}"
THE_TEXT_IS_KEPT_LAST = "LOCK TABLE stored_cards IN SHARE MODE"


@pytest.fixture
async def service(tmp_path: Path, settings: Settings) -> AsyncIterator[Service]:
    """A service that the test may kill; what it has promised to keep is in PostgreSQL alone."""
    service = Service(tmp_path)
    service.share(settings, redis_url="")
    await service.start()
    yield service
    assert await service.stop(signal.SIGTERM) == 0


@pytest.fixture
async def phone(service: Service, pg: asyncpg.Connection) -> AsyncIterator[Phone]:
    """A program of Grace's."""
    user_id = await add_account(pg, EMAIL)
    password = await add_app_password(pg, user_id)
    async with ClientSession(service.url) as http:
        yield Phone(cast("Client", http), basic(EMAIL, password), user_id)


async def put(phone: Phone, name: str, card: bytes, status: int = 201) -> None:
    assert (await phone.put(name, card)).status == status


async def test_in_the_middle_of_a_sync(service: Service, phone: Phone) -> None:
    await put(phone, "gone", vcard("gone"))
    await put(phone, "changed", vcard("changed"))
    _, token = await phone.sync()
    cards = {name: vcard(name, "Ada L", LARGE) for name in map(str, range(MANY))}
    cards["changed"] = vcard("changed", "Augusta King")
    for name, card in cards.items():
        await put(phone, name, card, 204 if name == "changed" else 201)
    assert (await phone.request("DELETE", phone.card("gone"))).status == 204

    body = sync(token, asked=WITH_TEXT)
    broken = await phone.request("REPORT", phone.book, body, Content_Type=XML)
    assert broken.status == 207
    await service.stop(signal.SIGKILL)
    with pytest.raises(ClientPayloadError):
        await broken.read()

    await service.start()
    found, later = await phone.sync(token, asked=WITH_TEXT)
    assert found.pop(phone.card("gone")).status == 404
    told = {href: each.text(f"{CARD}address-data").encode() for href, each in found.items()}
    assert told == {phone.card(name): card for name, card in cards.items()}
    assert await phone.sync(later, asked=WITH_TEXT) == ({}, later)


@pytest.mark.parametrize("is_there", [False, True], ids=["added", "changed"])
async def test_in_the_middle_of_a_change(
    service: Service, phone: Phone, pg: asyncpg.Connection, is_there: bool
) -> None:
    """It has not been made, and the program, which has had no answer, makes it again."""
    precondition = {"If_None_Match": "*"}
    if is_there:
        before = await phone.put("ada", vcard("ada"))
        precondition = {"If_Match": before.headers["ETag"]}
    _, token = await phone.sync()
    card = vcard("ada", "Augusta King", "NOTE:new")

    async with pg.transaction():
        await pg.execute(THE_TEXT_IS_KEPT_LAST)
        change = asyncio.create_task(phone.put("ada", card, **precondition))
        await until_locks_wait(pg)
        await service.stop(signal.SIGKILL)
        with pytest.raises(ClientError):
            await change
    await service.start()

    assert await phone.sync(token, asked=WITH_TEXT) == ({}, token)
    again = await phone.put("ada", card, **precondition)
    assert again.status == (204 if is_there else 201)
    found, _ = await phone.sync(token, asked=WITH_TEXT)
    assert [*found] == [phone.card("ada")]
    assert found[phone.card("ada")].text(f"{CARD}address-data").encode() == card


async def test_before_a_program_has_read_what_became_of_its_change(
    service: Service, phone: Phone, pg: asyncpg.Connection
) -> None:
    """It has been made: made again it is refused, and the next sync tells why."""
    _, token = await phone.sync()
    card = vcard("ada", "Ada Lovelace", "X-ANYTHING:kept")
    await put(phone, "ada", card)  # of which the program never hears
    await service.stop(signal.SIGKILL)
    await service.start()

    assert (await phone.put("ada", card, If_None_Match="*")).status == 412
    found, later = await phone.sync(token, asked=WITH_TEXT)
    assert [*found] == [phone.card("ada")]
    assert found[phone.card("ada")].text(f"{CARD}address-data").encode() == card
    assert await phone.sync(later, asked=WITH_TEXT) == ({}, later)
    assert await pg.fetchval("SELECT count(*) FROM contacts") == 1
