"""Writes cards that clients send: each in one transaction, which locks the book first.

So what a client has seen is compared with what is there when nobody else can change it, and of two
who add a card of one name the second finds that of the first.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from contactsvc.contacts import card_names
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.columns import of_change
from contactsvc.contacts.dav.cards import repository
from contactsvc.contacts.dav.cards.card import Preconditions, PutResult, UidConflict
from contactsvc.contacts.dav.cards.groups import GroupRepository, with_titles
from contactsvc.contacts.dav.cards.reading import SentCard, SentGroup, read, repaired
from contactsvc.contacts.dav.cards.repository import CONTACT, GROUP, Listed, etag_of
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.photos import repository as photos
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.schemas.limits import PHOTO_MAX_BYTES
from contactsvc.contacts.vcard import android
from contactsvc.platform.errors import NotFound, PreconditionFailed, ValidationFailed
from contactsvc.platform.storage.pictures import Pictures


class _PhotoChangedError(Exception):
    """The photo that a contact had is another one since."""


class _Photo(NamedTuple):
    """A photo that a card has.

    Args:
        original: The digest of what came.
        content: What is kept of it; None where the contact has what came already.
    """

    original: str
    content: bytes | None

    def digest(self, before: str | None) -> str:
        """Return the digest that a contact gets which has had that one before."""
        if before == self.original:
            return before
        if self.content is None:
            raise _PhotoChangedError
        return photos.digest_of(self.content)


class CardWriter:
    """Writes the cards of one owner.

    Args:
        owner_id: The id of the user whose address book it is.
        region: See ContactRepository.
        pictures: Draws photos anew.
        max_contacts: The quota of contacts.
    """

    def __init__(
        self, owner_id: int, region: str | None, pictures: Pictures, max_contacts: int
    ) -> None:
        self._owner_id = owner_id
        self._region = region
        self._pictures = pictures
        self._contacts = ContactRepository(owner_id, region, max_contacts)
        self._groups = GroupRepository(owner_id, region)

    async def put(self, name: str, text: bytes, preconditions: Preconditions) -> PutResult:
        """Do what :meth:`Cards.put` does."""
        if not card_names.is_name(name):
            raise ValidationFailed.of("/name", "No card can have this name.")
        sent = await read(text)
        known = await self._photo_of(name) if sent.photo else None
        while True:
            photo = await self._drawn(sent.photo, known)
            if sent.photo and photo is None:
                sent = sent.with_photo_line()
            try:
                async with address_books.locked(self._owner_id):
                    return await self._put(name, sent, photo, preconditions)
            except _PhotoChangedError:
                known = None

    async def delete(self, name: str, preconditions: Preconditions) -> None:
        """Do what :meth:`Cards.delete` does."""
        async with address_books.locked(self._owner_id):
            there = await self._named(name)
            if there is None:
                raise NotFound
            if not preconditions.admit(there.etag):
                raise PreconditionFailed
            await self._remove(there)

    async def _named(self, name: str) -> Listed | None:
        return next(iter(await repository.named(self._owner_id, [name])), None)

    async def _remove(self, there: Listed) -> None:
        if there.kind == GROUP:
            await self._groups.delete(there.id)
        else:
            await self._contacts.delete(there.id)

    async def _photo_of(self, name: str) -> str | None:
        """Return the digest of the photo of the contact of that name."""
        there = await self._named(name)
        if there is None or there.kind == GROUP:
            return None
        try:
            return (await self._contacts.get(there.id))[0]["photo"]
        except NotFound:
            return None

    async def _drawn(self, photo: bytes | None, known: str | None) -> _Photo | None:
        """Return a photo, drawn anew if the contact does not have it already.

        None is no photo, or one that is too large or no picture: its line is kept instead.
        """
        if photo is None or len(photo) > PHOTO_MAX_BYTES:
            return None
        original = photos.digest_of(photo)
        if original == known:
            return _Photo(original, None)
        try:
            return _Photo(original, await self._pictures.fitted(photo))
        except ValidationFailed:
            return None

    async def _put(
        self, name: str, sent: SentCard, photo: _Photo | None, preconditions: Preconditions
    ) -> PutResult:
        there = await self._named(name)
        if not preconditions.admit(there.etag if there else None):
            raise PreconditionFailed
        same = await repository.with_uid(self._owner_id, sent.uid or name)
        others = [each for each in same if there is None or each[:2] != there[:2]]
        if sent.uid and others:
            raise UidConflict(others[0].name or card_names.name_of_uid(sent.uid))
        uid = sent.uid or (str(uuid4()) if others else name)
        kind = CONTACT if sent.group is None else GROUP
        if there is not None and there.kind != kind:
            await self._remove(there)
        before = there if there is not None and there.kind == kind else None
        if sent.group is not None:
            etag = await self._put_group(name, uid, sent, sent.group, before)
        elif before is not None:
            etag = await self._change(before, sent, photo)
        else:
            etag = await self._add(name, uid, sent, photo)
        return PutResult(there is None, name, etag)

    async def _put_group(
        self, name: str, uid: str, sent: SentCard, group: SentGroup, before: Listed | None
    ) -> str | None:
        text = sent.text
        if not sent.is_exact:
            text = await asyncio.to_thread(repaired, group.card, uid, sent.format)
        if before is None:
            group_id = await self._groups.add(name, uid, group, sent.format, text)
            etag = etag_of(GROUP, group_id, 1)
        else:
            version = await self._groups.change(before.id, sent.uid, group, sent.format, text)
            etag = etag_of(GROUP, before.id, version or before.version)
        return etag if sent.is_exact else None

    async def _add(self, name: str, uid: str, sent: SentCard, photo: _Photo | None) -> str | None:
        titles = await self._groups.titles_of(uid)
        tags = with_titles(sent.fields.get("tags", ()), titles)
        digest = photo.digest(None) if photo else None
        fields = {"uid": uid, "card_name": card_names.kept_name(name, uid), "photo": digest}
        row, version = await self._contacts.add(
            {**sent.fields, "tags": tags, **fields}, ChangedBy.SYNC
        )
        await self._keep_photo(row["id"], photo, None, digest)
        return await self._store(row["id"], version, sent, uid)

    async def _change(self, there: Listed, sent: SentCard, photo: _Photo | None) -> str | None:
        before: dict[str, Any] = {}
        titles = await self._groups.titles_of(there.uid)

        def changed(row: Mapping[str, Any]) -> dict[str, Any] | None:
            before.update(row)
            fields = self._fields(row, sent, titles)
            fields["photo"] = photo.digest(row["photo"]) if photo else None
            return of_change(row, fields, self._region, is_whole=True)

        row, version = await self._contacts.rewrite(there.id, changed, ChangedBy.SYNC)
        if version != there.version:
            await self._keep_photo(there.id, photo, before["photo"], row["photo"])
            return await self._store(there.id, version, sent, there.uid)
        values = self._owner_id, there.id, version, sent.format, sent.text
        is_same = sent.is_exact and await repository.is_stored(*values)
        return there.etag if is_same else None

    @staticmethod
    def _fields(row: Mapping[str, Any], sent: SentCard, titles: list[str]) -> dict[str, Any]:
        """Return what a card says of a contact that is there.

        What no card says stays: its uid, and whether it is a favourite; cards can only add to that.
        """
        said = {**sent.fields, "tags": with_titles(sent.fields.get("tags", ()), titles)}
        shown = {"tags": row["tags"], "extra": android.without_what_was_read(row["extra"] or ())}
        for name, values in shown.items():
            if sorted(said[name] or ()) == sorted(values or ()):
                said[name] = row[name]  # in another order they are the same
        favorite = row["favorite"] or sent.fields.get("favorite", False)
        return {**said, "favorite": favorite}

    async def _keep_photo(
        self, contact_id: int, photo: _Photo | None, before: str | None, after: str | None
    ) -> None:
        if before == after:
            return
        if photo is None or photo.content is None or after is None:
            await photos.remove(self._owner_id, [contact_id])
        else:
            await photos.keep(self._owner_id, contact_id, after, photo.content)

    async def _store(self, contact_id: int, version: int, sent: SentCard, uid: str) -> str | None:
        """Keep a card as it came where others can be given it, and return its ETag then."""
        if not sent.is_exact or sent.uid != uid:
            return None
        values = self._owner_id, contact_id, version, sent.format, sent.text
        await repository.store(*values)
        return etag_of(CONTACT, contact_id, version)
