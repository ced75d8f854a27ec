"""The cards of an owner, on the real PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import pytest

from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.platform.database import statements as sending
from contactsvc.platform.storage.pictures import Pictures


@pytest.fixture
def pictures() -> Iterator[Pictures]:
    """What draws photos anew."""
    pictures = Pictures()
    yield pictures
    pictures.close()


@pytest.fixture
def cards(owner: int, pictures: Pictures) -> Cards:
    """The cards of the owner, whose book is that of ``contacts``."""
    return Cards(owner, None, pictures)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that were sent since."""
    sent: list[str] = []
    fetch = sending._fetch

    async def recording(client: Any, sql: str, values: Any) -> Any:
        sent.append(sql)
        return await fetch(client, sql, values)

    monkeypatch.setattr(sending, "_fetch", recording)
    return sent
