"""An answer waits until what it tells of counts in every process, also one that refuses."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from contactsvc.accounts.current_user import invalidation
from contactsvc.accounts.current_user.invalidation import Unsettled
from contactsvc.accounts.settling import settling


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each answer had to wait."""
    waits: list[bool] = []

    async def settle(self: Unsettled) -> None:
        waits.append(self.is_true)

    monkeypatch.setattr(Unsettled, "settle", settle)
    return waits


async def ask(handler: Any) -> web.StreamResponse:
    return await settling(make_mocked_request("POST", "/"), handler)


async def test_every_request_is_settled_for_itself(settled: list[bool]) -> None:
    async def changes(_: web.Request) -> web.Response:
        invalidation._note()
        return web.Response()

    async def refuses(_: web.Request) -> web.Response:
        invalidation._note()
        raise web.HTTPUnauthorized

    async def reads(_: web.Request) -> web.Response:
        return web.Response()

    await ask(changes)
    await ask(reads)
    with pytest.raises(web.HTTPUnauthorized):
        await ask(refuses)
    assert settled == [True, False, True]
