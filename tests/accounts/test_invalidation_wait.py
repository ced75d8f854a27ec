"""An answer waits until what was changed counts in every process; a refusal waits, too."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from contactsvc.accounts.current_user import invalidation
from contactsvc.accounts.current_user.invalidation import InvalidationTracker
from contactsvc.accounts.invalidation_wait import invalidation_wait


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each answer had to wait."""
    waits: list[bool] = []

    async def wait_until_applied(self: InvalidationTracker) -> None:
        waits.append(self.is_pending)

    monkeypatch.setattr(InvalidationTracker, "wait_until_applied", wait_until_applied)
    return waits


async def ask(handler: Any) -> web.StreamResponse:
    return await invalidation_wait(make_mocked_request("POST", "/"), handler)


async def test_every_request_waits_for_its_own_changes(waited: list[bool]) -> None:
    async def changes(_: web.Request) -> web.Response:
        invalidation._mark_pending()
        return web.Response()

    async def refuses(_: web.Request) -> web.Response:
        invalidation._mark_pending()
        raise web.HTTPUnauthorized

    async def reads(_: web.Request) -> web.Response:
        return web.Response()

    await ask(changes)
    await ask(reads)
    with pytest.raises(web.HTTPUnauthorized):
        await ask(refuses)
    assert waited == [True, False, True]
