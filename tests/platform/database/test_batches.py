"""Rows are removed a few at a time."""

import asyncpg
import pytest

from contactsvc.accounts.one_time_tokens.model import OneTimeToken
from contactsvc.platform.database import batches
from contactsvc.platform.database.batches import delete_some


@pytest.mark.usefixtures("orm")
async def test_no_more_than_a_batch_goes_at_once(
    pg: asyncpg.Connection, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    await pg.execute(
        "INSERT INTO one_time_tokens (user_id, purpose, digest, email, created_at, expires_at)"
        " SELECT $1, 'reset_password', n::text, '', now(), now() FROM generate_series(1, 7) AS n",
        owner,
    )
    rows = OneTimeToken.exclude(digest="7")

    assert [await delete_some(rows) for _ in range(4)] == [3, 3, 0, 0]
    assert await pg.fetchval("SELECT array_agg(digest) FROM one_time_tokens") == ["7"]
