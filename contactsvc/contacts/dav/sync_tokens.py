"""Sync tokens (RFC 6578, 3.2): how far a client has read the changes of a book."""

from typing import Final

from contactsvc.contacts.changes.repository import Place
from contactsvc.contacts.dav.errors import forbidden
from contactsvc.platform.errors import ValidationFailed
from contactsvc.web.cursors import Cursors

_PREFIX: Final = "urn:contactsvc:sync:"
"""A token is a URI."""
_LAST_ID: Final = 2**63 - 1

INVALID: Final = "<d:valid-sync-token/>"
"""The condition that a token does not meet (RFC 6578, 3.8)."""


class SyncTokens:
    """The tokens of one book.

    They are signed: one of another book, or that somebody has made up, is refused.

    Args:
        cursors: Signs them.
        owner_id: Whose book it is.
        book_id: The book.
    """

    def __init__(self, cursors: Cursors, owner_id: int, book_id: int) -> None:
        self._cursors = cursors
        self._book = f"carddav {owner_id} {book_id}"

    def of(self, place: Place) -> str:
        """Return the token of a place."""
        position = [place.seq, place.contact_id, place.known]
        if place == all_of(place.seq):
            position = [place.seq]
        return _PREFIX + self._cursors.seal(self._book, position)

    def place(self, token: str) -> Place:
        """Return the place that a client has sent a token of.

        Raises:
            Refused: It is no token of this book.
        """
        if not token.startswith(_PREFIX):
            raise forbidden(INVALID)
        try:
            position = self._cursors.open(self._book, token.removeprefix(_PREFIX))
        except ValidationFailed as error:
            raise forbidden(INVALID) from error
        return Place(*position) if len(position) > 1 else all_of(*position)


def all_of(seq: int) -> Place:
    """Return the place of somebody who knows all changes up to a number of the book.

    All who have read up to it get the same token, so that clients can compare it with the book's.
    """
    return Place(seq, _LAST_ID, seq)
