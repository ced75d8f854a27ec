"""The cards of an owner, on the real PostgreSQL."""

from collections.abc import Iterator

import pytest

from contactsvc.contacts.dav.cards.service import Cards
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
