"""What tests of pictures share."""

from collections.abc import AsyncIterator

import pytest

from contactsvc.platform.storage.pictures import Pictures


@pytest.fixture
async def pictures() -> AsyncIterator[Pictures]:
    pictures = Pictures()
    yield pictures
    pictures.close()
