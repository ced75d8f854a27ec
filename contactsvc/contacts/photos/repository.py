"""Queries of the photos of one owner's contacts.

``contacts.photo`` has the digest of the photo that stands in ``contact_photos``. Both are written
in one transaction, which locks the book first, then the contact, then the photo.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple

from tortoise.connection import get_connection

from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.columns import of_change
from contactsvc.contacts.model import ChangedBy, Contact
from contactsvc.contacts.photos.model import ContactPhoto
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import NotFound, PreconditionFailed
from contactsvc.platform.storage.pictures import FITTED_TYPE

DIGEST_LENGTH: Final = 32
"""Hexadecimal digits of a SHA-256 that tell photos apart: 128 bits."""

_ONE: Final = """
    SELECT etag, media_type,
        CASE WHEN etag = ANY ($3) OR '*' = ANY ($3) THEN NULL ELSE content END AS content
    FROM contacts JOIN contact_photos ON contact_photos.owner_id = contacts.owner_id
        AND contact_id = contacts.id AND etag = photo
    WHERE contacts.owner_id = $1 AND contacts.id = $2
"""
KEEP: Final = """
    INSERT INTO contact_photos (owner_id, contact_id, etag, media_type, content, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (owner_id, contact_id) DO UPDATE SET etag = excluded.etag,
        media_type = excluded.media_type, content = excluded.content,
        created_at = excluded.created_at
"""
"""Sets a photo. Parameters: owner, contact, digest, media type, content, the time."""

_COPY: Final = """
    INSERT INTO contact_photos (owner_id, contact_id, etag, media_type, content, created_at)
    SELECT owner_id, $3, etag, media_type, content, $4 FROM contact_photos
    WHERE owner_id = $1 AND contact_id = $2
    ON CONFLICT (owner_id, contact_id) DO UPDATE SET etag = excluded.etag,
        media_type = excluded.media_type, content = excluded.content,
        created_at = excluded.created_at
"""

Admits = Callable[[str | None], bool]
"""Whether a contact may have a photo of that digest, or none, for a change to be made."""


class Photo(NamedTuple):
    """A photo of a contact."""

    digest: str
    media_type: str
    content: bytes | None
    """None if the caller knows it already."""


class PhotoRepository:
    """The photos of one owner's contacts; nobody else's can be reached through it.

    Args:
        owner_id: The id of the user whose contacts they are of.
        region: See :class:`ContactRepository`, which writes the contacts.
    """

    def __init__(self, owner_id: int, region: str | None = None) -> None:
        self._owner_id = owner_id
        self._region = region

    async def get(self, contact_id: int, known: Collection[str] = ()) -> Photo:
        """Return the photo of a contact.

        Args:
            contact_id: The contact's id.
            known: Digests of photos whose content is not asked for; ``*`` is any.

        Raises:
            NotFound: The owner has no such contact, or it has no photo.
        """
        values = [self._owner_id, contact_id, list(known)]
        rows = await get_connection("default").execute_query_dict(_ONE, values)
        if not rows:
            raise NotFound
        return Photo(rows[0]["etag"], rows[0]["media_type"], rows[0]["content"])

    async def check(self, contact_id: int, admits: Admits) -> None:
        """Look whether a photo could be set now, before there is one.

        Raises:
            NotFound: The owner has no such contact.
            PreconditionFailed: The contact's photo is not admitted.
        """
        found = Contact.filter(owner_id=self._owner_id, id=contact_id).limit(1)
        photos = await found.values_list("photo", flat=True)
        if not photos:
            raise NotFound
        if not admits(photos[0]):  # type: ignore[arg-type]  # values_list says less than it knows
            raise PreconditionFailed

    async def put(self, contact_id: int, content: bytes, admits: Admits) -> None:
        """Give a contact a photo, in place of the one that it has; the same again is no change.

        Args:
            contact_id: The contact's id.
            content: A picture as :meth:`Pictures.fitted` makes it.
            admits: The precondition.

        Raises:
            NotFound: The owner has no such contact.
            PreconditionFailed: The contact's photo is not admitted.
            Unauthenticated: The owner's account has just been deleted.
        """
        digest = digest_of(content)
        async with transaction():
            await address_books.lock(self._owner_id)
            await self._write(contact_id, digest, admits)
            await keep(self._owner_id, contact_id, digest, content)

    async def delete(self, contact_id: int, admits: Admits) -> None:
        """Take the photo of a contact away.

        Raises:
            NotFound: The owner has no such contact, or it has no photo.
            PreconditionFailed: The contact's photo is not admitted.
            Unauthenticated: The owner's account has just been deleted.
        """

        def is_admitted(digest: str | None) -> bool:
            if digest is None:
                raise NotFound
            return admits(digest)

        async with transaction():
            await address_books.lock(self._owner_id)
            await self._write(contact_id, None, is_admitted)
            await remove(self._owner_id, [contact_id])

    async def _write(self, contact_id: int, digest: str | None, admits: Admits) -> None:
        def changed(row: Mapping[str, Any]) -> dict[str, Any] | None:
            if not admits(row["photo"]):
                raise PreconditionFailed
            return of_change(row, {"photo": digest}, self._region, is_whole=False)

        contacts = ContactRepository(self._owner_id, self._region)
        await contacts.rewrite(contact_id, changed, ChangedBy.API)


def digest_of(content: bytes) -> str:
    """Return what tells a photo apart from others."""
    return hashlib.sha256(content).hexdigest()[:DIGEST_LENGTH]


async def keep(owner_id: int, contact_id: int, digest: str, content: bytes) -> None:
    """Store the photo of a contact that has just got it, in the same transaction."""
    values = [owner_id, contact_id, digest, FITTED_TYPE, content, now()]
    await get_connection("default").execute_query(KEEP, values)


async def copy(owner_id: int, from_id: int, to_id: int) -> None:
    """Store the photo of one contact for another one, too, which has just got it."""
    await get_connection("default").execute_query(_COPY, [owner_id, from_id, to_id, now()])


async def remove(owner_id: int, contact_ids: Collection[int]) -> None:
    """Remove the photos of contacts that are gone for good, or have none any more."""
    await ContactPhoto.filter(owner_id=owner_id, contact_id__in=list(contact_ids)).delete()
