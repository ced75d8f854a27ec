"""What is kept of people, where, and for how long: the one list, which housekeeping enforces.

``docs/reference/retention.rst`` shows it. A test ages a database and its files by 400 days, and
another sees that no table is missing here. A new kind of data needs an entry and nothing else.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from contactsvc.accounts.app_passwords import repository as app_passwords
from contactsvc.accounts.audit import repository as audit
from contactsvc.accounts.current_user import repository as pending_invalidations
from contactsvc.accounts.idempotency import repository as idempotency_keys
from contactsvc.accounts.one_time_tokens import repository as one_time_tokens
from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.sessions import repository as sessions
from contactsvc.accounts.users import unused as unused_accounts
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.dav.cards import groups
from contactsvc.contacts.operations import repository as operations
from contactsvc.contacts.rows import MAX_VERSIONS
from contactsvc.contacts.trash import repository as trash
from contactsvc.contacts.versions import repository as versions
from contactsvc.mail import folder as mail_folder
from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailStatus
from contactsvc.platform.database import embedded_log
from contactsvc.platform.settings.lifetimes import TOMBSTONE_TTL

ENDED_WELL: Final = (MailStatus.SENT, MailStatus.SKIPPED)
GIVEN_UP: Final = (MailStatus.DEAD, MailStatus.PENDING)
"""Mail that waits has been given up, too, when nobody has tried to send it for that long."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that is kept, and what ends it.

    Args:
        what: Its description, in words for the people it is about.
        tables: The tables of PostgreSQL that it is in.
        place: Where else it is.
        end: What ends it. With a ``setting``, the event from which that time counts.
        setting: The setting, in seconds, by its name in :class:`Settings`.
        purge: Removes up to BATCH rows that ended before a moment, and returns how many. One
            process calls it, and again while it returns BATCH.
        purge_files: Removes such files below ``DATA_DIR``, and returns how many. Every process
            calls it, once a purge, as each sees the disk of its own machine.
    """

    what: str
    tables: tuple[str, ...] = ()
    place: str = ""
    end: str
    setting: str = ""
    purge: Callable[[datetime], Awaitable[int]] | None = None
    purge_files: Callable[[Path, datetime], int] | None = None


RETENTION: Final = (
    Entry(
        what="The account: e-mail, name, region, role, hash of the password, time of registration",
        tables=("users",),
        end="When the account is deleted",
    ),
    Entry(
        what="The address book, with photos, vCards as programs have sent them, and groups",
        tables=("contacts", "contact_photos", "address_books", "stored_cards", "card_groups"),
        end="When the contact or group, or the account, is deleted",
    ),
    Entry(
        what="Deleted contacts, with their photos and versions",
        tables=("deleted_contacts", "contact_photos", "contact_versions"),
        end="After the deletion, or when the trash is emptied; with the account",
        setting="trash_ttl",
        purge=trash.purge,
    ),
    Entry(
        what="That a contact was deleted, by its number and uid",
        tables=("deleted_contacts",),
        end=f"{TOMBSTONE_TTL // 86400} days after the deletion; with the account",
        purge=trash.purge_tombstones,
    ),
    Entry(
        what="That a group was deleted, by its name and uid",
        tables=("card_groups",),
        end=f"{TOMBSTONE_TTL // 86400} days after the deletion; with the account",
        purge=groups.purge_tombstones,
    ),
    Entry(
        what=f"What a contact was before each of its last {MAX_VERSIONS} changes",
        tables=("contact_versions",),
        end=f"{versions.TTL // 86400} days after the change; with the account",
        purge=versions.purge,
    ),
    Entry(
        what="Which contacts an import, a merge or a batch has changed, by their numbers",
        tables=("contact_operations",),
        end=f"{operations.TTL // 86400} days after it; with the account",
        purge=operations.purge,
    ),
    Entry(
        what="When birthdays are told by mail: days, hour, time zone, and the day of the last one",
        tables=("birthday_reminders",),
        end="With the account",
    ),
    Entry(
        what="Which contacts look like duplicates and are told apart, by their numbers",
        tables=("dismissed_duplicates",),
        end="When one of the two is gone for good; with the account",
    ),
    Entry(
        what="An account that nobody has confirmed or used",
        tables=("users",),
        end="After the registration",
        setting="unconfirmed_ttl",
        purge=partial(unused_accounts.purge, belongings=address_books),
    ),
    Entry(
        what="A registration that nobody has confirmed: e-mail, name, hash of the password",
        tables=("registrations",),
        end="After the registration, or the last request for its mail; with the account",
        setting="unconfirmed_ttl",
        purge=registrations.purge,
    ),
    Entry(
        what="Sign-ins: address and program of the device, times",
        tables=("sessions",),
        end="After the sign-out, or the end of the session; with the account",
        setting="ended_session_ttl",
        purge=sessions.purge,
    ),
    Entry(
        what="App passwords: their names, what they may do, times, and a SHA-256 of each",
        tables=("app_passwords",),
        end="When it is revoked, or has expired; with the account",
        purge=app_passwords.purge,
    ),
    Entry(
        what="The secret of the birthday calendar's URL: when it was made, and a SHA-256 of it",
        tables=("feed_secrets",),
        end="When it is ended or replaced, or the password is changed; with the account",
    ),
    Entry(
        what="Answers to requests with an Idempotency-Key, such as a contact that was added; a "
        "SHA-256 of the key and of the request",
        tables=("idempotency_keys",),
        end=f"{idempotency_keys.TTL // 3600} hours after the answer; with the account",
        purge=idempotency_keys.purge,
    ),
    Entry(
        what="Links that were mailed: the address, and a SHA-256 of the link",
        tables=("one_time_tokens",),
        end="When the link has expired; with the account",
        purge=one_time_tokens.purge,
    ),
    Entry(
        what="Whom mail was sent to, when and why; no text",
        tables=("outbox",),
        end="After it was sent; with the account, former addresses of it included",
        setting="mail_ttl",
        purge=partial(outbox.purge, ENDED_WELL),
    ),
    Entry(
        what="The same, of mail that could not be sent",
        tables=("outbox",),
        end="After the last try; with the account",
        setting="dead_mail_ttl",
        purge=partial(outbox.purge, GIVEN_UP),
    ),
    Entry(
        what="Mail in files, with its text, where no mail server is set",
        place="files in ``DATA_DIR/mail``",
        end="After it was written; not with the account",
        setting="mail_ttl",
        purge_files=mail_folder.purge,
    ),
    Entry(
        what="The audit log: what was done to which account, by its number, and from which address",
        tables=("audit_events",),
        end="After the event; not with the account",
        setting="audit_ttl",
        purge=audit.purge,
    ),
    Entry(
        what="The picture of an administrator",
        place="files in ``DATA_DIR/avatars``, or Cloudinary",
        end="When it is replaced, or the account is deleted",
    ),
    Entry(
        what="A copy of the account, without its password, for speed",
        place="Redis",
        end="After it was made; Redis itself ends it",
        setting="user_cache_ttl",
    ),
    Entry(
        what="What Redis could not be told of: the numbers of accounts and sign-ins",
        tables=("pending_invalidations",),
        end="When Redis holds nothing that old any more",
        purge=lambda _: pending_invalidations.purge(),
    ),
    Entry(
        what="Tries to sign in and to send mail, counted under a SHA-256 of the e-mail or address",
        place="Redis, or memory",
        end="With the windows of the limits: three hours by default",
    ),
    Entry(
        what="The service's log: the number of the account, and what it called",
        place="wherever the operator sends it",
        end="By the operator's rules",
    ),
    Entry(
        what="The log of the embedded PostgreSQL, which names nobody",
        place="the file ``DATA_DIR/postgres/log``",
        end=f"At {embedded_log.MAX_BYTES // 1024**2} MiB",
        purge_files=lambda data_dir, _: embedded_log.shorten(data_dir / "postgres"),
    ),
)
"""Everything that is kept of people, in the order of docs/reference/retention.rst."""

WITHOUT_PERSONAL_DATA: Final = frozenset({"aerich", "jobs"})
"""Tables without personal data: migrations, and when jobs are due."""
