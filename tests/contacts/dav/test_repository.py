"""What is kept of a book itself."""

import pytest

from contactsvc.contacts.dav.repository import BookRow, read_book, rename_book, set_me_card
from contactsvc.platform.errors import Unauthenticated


async def test_a_book_that_nobody_has_written_to(owner: int) -> None:
    assert await read_book(owner) == BookRow("Contacts", 0, None)


async def test_what_is_kept_of_it(owner: int) -> None:
    await rename_book(owner, "Friends")
    await set_me_card(owner, "me")
    assert await read_book(owner) == BookRow("Friends", 0, "me")
    assert await read_book(owner + 1) == BookRow()

    await rename_book(owner, "")
    await set_me_card(owner, None)
    assert await read_book(owner) == BookRow()


async def test_the_account_may_be_gone(orm: None) -> None:
    with pytest.raises(Unauthenticated):
        await rename_book(99, "x")
