"""Avatars: uploaded pictures of administrators, and the default avatar of everybody else."""

import asyncio
import logging
import secrets
from html import escape
from typing import Final
from urllib.parse import quote

from contactsvc.accounts.users.model import CurrentUser
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.platform.storage.pictures import Pictures
from contactsvc.platform.storage.store import Reference, Store

logger = logging.getLogger(__name__)

COLOURS: Final = 24
"""Number of colours of default avatars: so few that a colour does not tell the user's id."""

GRACE: Final = 5.0
"""Seconds that deletions may take when the service stops."""


class PictureDeleter:
    """Deletes replaced pictures in the background.

    Args:
        stores: All stores that may have pictures, also those that new ones are not stored in.
    """

    def __init__(self, *stores: Store) -> None:
        self._stores = {each.kind: each for each in stores}
        self._deletions: set[asyncio.Task[None]] = set()

    def add(self, avatar: str) -> None:
        """Begin to delete a picture.

        Args:
            avatar: The former content of ``users.avatar``, replaced by a committed transaction.
        """
        task = asyncio.create_task(self._delete(Reference.parse(avatar)))
        self._deletions.add(task)
        task.add_done_callback(self._deletions.discard)

    async def _delete(self, reference: Reference) -> None:
        store = self._stores.get(reference.kind)
        if store is None:
            logger.warning("Nothing is set up that could delete the picture %s.", reference)
            return
        try:
            await store.delete(reference.name)
        except Exception:
            # The file wastes space, but nothing refers to it.
            logger.exception("The picture %s could not be deleted.", reference)

    async def close(self) -> None:
        """Wait up to GRACE for deletions, and cancel the others."""
        if self._deletions:
            _, late = await asyncio.wait(self._deletions, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


class Avatars:
    """Replaces and removes the avatars of users.

    Args:
        users: The accounts in the database; it discards the picture that another one replaces.
        pictures: Converts uploads into avatars.
        store: The store of new pictures.
        deleter: Deletes a new picture that could not be saved as the user's avatar.
    """

    def __init__(
        self, users: UserRepository, pictures: Pictures, store: Store, deleter: PictureDeleter
    ) -> None:
        self._users = users
        self._pictures = pictures
        self._store = store
        self._deleter = deleter

    async def replace(self, user_id: int, upload: bytes) -> CurrentUser:
        """Give the user another picture; the one before is deleted afterwards.

        Raises:
            ValidationFailed: The upload is not a picture of a known format, or is too large.
            Unavailable: The picture cannot be stored; the user keeps the one before.
            NotFound: There is no such user any more.
        """
        picture = await self._pictures.square(upload)
        name = f"{secrets.token_hex(16)}.webp"
        try:
            reference = await self._store.put(name, picture)
            return await self._users.set_avatar(user_id, str(reference))
        except BaseException:
            # The store may have saved it and answered too late.
            self._deleter.add(str(Reference(self._store.kind, name)))
            raise

    async def remove(self, user_id: int) -> CurrentUser:
        """Give the user the default avatar again; their own is deleted afterwards.

        Raises:
            NotFound: There is no such user any more.
        """
        return await self._users.set_avatar(user_id, None)

    async def close(self) -> None:
        """Wait up to GRACE for deletions, and cancel the others."""
        await self._deleter.close()


def default_avatar(letters: str, colour: int) -> str:
    """Return the default avatar as an SVG of 512 by 512 px.

    Args:
        letters: One or two letters or digits, or ``?``.
        colour: Number of the colour, 0 to COLOURS - 1.
    """
    hue = colour * 137 % 360  # near the golden angle: neighbours look different
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">'
        f'<rect width="512" height="512" fill="hsl({hue} 45% 40%)"/>'
        '<text x="256" y="256" dy=".35em" text-anchor="middle" fill="#fff" font-size="208"'
        f' font-family="system-ui, sans-serif">{escape(letters)}</text></svg>'
    )


def default_avatar_path(user: CurrentUser) -> str:
    """Return the path of a user's default avatar: their initials, and a colour by their id."""
    letters = quote(initials(user.name, user.email))
    return f"/api/avatars/initials/{letters}-{user.id % COLOURS}.svg"


def initials(name: str, email: str) -> str:
    """Return one or two capitals: initials of the name's first and last word, or of the e-mail."""
    # Letters and digits only: XML cannot represent every character, not even escaped.
    letters = [letter for word in name.split() if (letter := _first_letter(word))]
    letters = letters or [_first_letter(email) or "?"]
    return "".join((letters[0], *letters[1:][-1:]))


def _first_letter(word: str) -> str:
    # A capital may be longer than its letter: that of the German sharp s is SS.
    return next((char.upper()[:1] for char in word if char.isalnum()), "")
