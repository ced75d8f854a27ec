"""Puts together all that is kept about a user."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import orjson

from contactsvc.accounts.app_passwords.service import AppPasswords
from contactsvc.accounts.audit import repository as audit
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.feed_secrets import repository as feed_secrets
from contactsvc.accounts.sessions.service import Sessions
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.data_export import repository
from contactsvc.contacts.data_export.archive import Archive, json_array, text
from contactsvc.contacts.reminders import repository as reminders
from contactsvc.contacts.transfer.exports.service import Export
from contactsvc.platform.caller import Caller
from contactsvc.platform.errors import NotFound, Unavailable
from contactsvc.platform.storage.folder import FolderStore
from contactsvc.platform.storage.store import Reference

PAGE: Final = 200
"""Sessions, or events of the audit log, that are read at a time."""

README: Final = """\
All that this service keeps about you, as of the time of these files.

account.json    your account, but the hash of your password, which is no use to anybody
sessions.json   where you have signed in: address and program of the device, times
app_passwords.json
                your app passwords that have not expired: what you called them, times, not the
                passwords themselves, of which there is only a hash
birthday_reminder.json
                when you are told by mail whose birthday is near; null where you never asked to be
birthday_feed.json
                when the URL of your birthday calendar was made, if you have one; of its secret
                there is only a hash
contacts.json   your contacts
contacts.vcf    the same as vCards, for other programs, with what no field holds of imported files
contacts_deleted.json
                those in the trash; of one that is gone for good there is left, for some time, that
                there was one
contacts_versions.json
                what your contacts were before you changed them; photos have no versions
duplicates_dismissed.json
                the contacts that look alike and that you tell apart, two by two, by their ids
cards.vcf       your contacts and groups as the programs that synchronise have sent them
groups.json     your groups, and that there were those that you have deleted
photos/         their photos, each named by the id of its contact; of contacts in the trash, too
avatar.webp     your own picture, if you have uploaded one and it is kept here
audit.json      what was done to your account: by yourself, or by an administrator, whose address
                is left out

JSON is UTF-8; times are in UTC (RFC 3339). What you changed while the archive was made
may be in it as it was before or after; what you took out of the trash then may be missing.
"""

_OPTIONS: Final = orjson.OPT_UTC_Z
_INDENTED: Final = _OPTIONS | orjson.OPT_INDENT_2


@dataclass(frozen=True, kw_only=True)
class DataExport:
    """The archive of one user.

    Args:
        user: The user.
        account: The user as answers show them.
        sessions: All sessions.
        app_passwords: All app passwords.
        base_url: The setting PUBLIC_URL.
        avatars: Where avatars are kept that no other server keeps.
    """

    user: CurrentUser
    account: dict[str, Any]
    sessions: Sessions
    app_passwords: AppPasswords
    base_url: str
    avatars: FolderStore

    async def archive(self) -> AsyncIterator[bytes]:
        """Yield the bytes of a ZIP file, in bounded memory.

        Raises:
            Unavailable: PostgreSQL is away.
        """
        archive = Archive()
        for name, content in (
            ("README.txt", text(README)),
            ("account.json", text(_json(self.account))),
            ("sessions.json", json_array(self._sessions())),
            ("app_passwords.json", json_array(self._app_passwords())),
            ("birthday_feed.json", json_array(self._birthday_feed())),
            ("birthday_reminder.json", self._reminder()),
            ("contacts.json", json_array(self._contacts())),
            ("contacts.vcf", self._cards()),
            ("contacts_deleted.json", json_array(self._deleted())),
            ("contacts_versions.json", json_array(self._versions())),
            ("duplicates_dismissed.json", json_array(self._dismissed())),
            ("cards.vcf", repository.cards(self.user.id)),
            ("groups.json", json_array(self._groups())),
            ("audit.json", json_array(self._events())),
        ):
            async for piece in archive.add(name, content):
                yield piece
        if (avatar := await self._avatar()) is not None:
            yield archive.add_picture("avatar.webp", avatar)
        async for photos in repository.photos(self.user.id):
            for contact_id, photo in photos:
                yield archive.add_picture(f"photos/{contact_id}.jpg", photo)
        async for piece in archive.end():
            yield piece

    async def _sessions(self) -> AsyncIterator[Iterable[bytes]]:
        position = None
        while True:
            page = await self.sessions.history(self.user.id, PAGE, position)
            yield [orjson.dumps(row, option=_OPTIONS) for row in page.rows]
            if (position := page.next_position) is None:
                return

    async def _app_passwords(self) -> AsyncIterator[Iterable[bytes]]:
        rows = await self.app_passwords.all(self.user.id)
        yield [orjson.dumps(row, option=_OPTIONS) for row in rows]

    async def _reminder(self) -> AsyncIterator[bytes]:
        yield _json(await reminders.find(self.user.id)).encode()

    async def _birthday_feed(self) -> AsyncIterator[Iterable[bytes]]:
        made_at = await feed_secrets.made_at(self.user.id)
        yield [orjson.dumps({"created_at": made_at}, option=_OPTIONS)] if made_at else []

    async def _contacts(self) -> AsyncIterator[Iterable[bytes]]:
        async for rows in repository.contacts(self.user.id):
            yield [orjson.dumps(contact_json(row, self.base_url), option=_OPTIONS) for row in rows]

    def _cards(self) -> AsyncIterator[bytes]:
        return Export(owner_id=self.user.id, region=None, base_url=self.base_url).pieces()

    async def _dismissed(self) -> AsyncIterator[Iterable[bytes]]:
        async for pairs in repository.dismissed_duplicates(self.user.id):
            yield [orjson.dumps({"ids": pair}) for pair in pairs]

    async def _groups(self) -> AsyncIterator[Iterable[bytes]]:
        async for rows in repository.groups(self.user.id):
            yield [orjson.dumps(row, option=_OPTIONS) for row in rows]

    async def _deleted(self) -> AsyncIterator[Iterable[bytes]]:
        async for rows in repository.deleted(self.user.id):
            yield [self._deleted_json(row) for row in rows]

    def _deleted_json(self, row: repository.Deleted) -> bytes:
        if row.contact is None:
            left = {"id": row.id, "uid": row.uid, "deleted_at": row.deleted_at}
            return orjson.dumps(left, option=_OPTIONS)
        more = {"deleted_at": row.deleted_at} | _lines(row.extra)
        contact = contact_json(row.contact, self.base_url, **more)
        return orjson.dumps(contact, option=_OPTIONS)

    async def _versions(self) -> AsyncIterator[Iterable[bytes]]:
        async for rows in repository.versions(self.user.id):
            yield [orjson.dumps(self._version(row), option=_OPTIONS) for row in rows]

    def _version(self, row: repository.WholeVersion) -> dict[str, Any]:
        contact = contact_json(row.contact, self.base_url, **_lines(row.extra))
        return {"version": row.version, "at": row.at, "by": row.by, "contact": contact}

    async def _events(self) -> AsyncIterator[Iterable[bytes]]:
        position = None
        while True:
            page = await audit.page(PAGE, position, user_id=self.user.id)
            yield [orjson.dumps(self._event(row), option=_OPTIONS) for row in page.rows]
            if (position := page.next_position) is None:
                return

    def _event(self, row: audit.AuditRow) -> dict[str, Any]:
        """Return an event; who administers the service is entitled to their address, too."""
        is_by_others = row["actor_id"] not in (None, self.user.id)
        return {**row, "ip": "" if is_by_others else row["ip"]}

    async def _avatar(self) -> bytes | None:
        if self.user.avatar is None:
            return None
        reference = Reference.parse(self.user.avatar)
        if reference.kind == self.avatars.kind:
            with suppress(NotFound, Unavailable):  # replaced meanwhile, or the disk is away
                return await self.avatars.read(reference.name)
        return None


async def note(user: CurrentUser, caller: Caller) -> None:
    """Write into the audit log that all data of a user was asked for."""
    await audit.record(Event.SENSITIVE_READ, caller, user_id=user.id, actor_id=user.id)


def _lines(extra: Sequence[str]) -> dict[str, Any]:
    """Return the lines of a file that no field has, as a further field of a contact."""
    return {"extra": list(extra)} if extra else {}


def _json(value: object) -> str:
    return orjson.dumps(value, option=_INDENTED).decode() + "\n"
