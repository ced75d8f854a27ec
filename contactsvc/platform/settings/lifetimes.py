"""The settings that say how long tokens, sessions, links and records live."""

from dataclasses import dataclass
from typing import Final

from contactsvc.platform.settings.setting import (
    BOOLEAN,
    DAY,
    HOUR,
    MINUTE,
    TEN_YEARS,
    Group,
    seconds,
    setting,
)

TOMBSTONE_TTL: Final = 90 * DAY
"""Seconds that the mere fact of a deletion is kept."""


@dataclass(frozen=True, kw_only=True)
class LifetimeSettings:
    """Sessions, links in mail, and how long things are kept."""

    access_token_ttl: int = setting(
        15 * MINUTE, seconds(1, DAY), Group.ACCOUNTS, "How long an access token lives."
    )
    refresh_token_ttl: int = setting(
        30 * DAY,
        seconds(1, TEN_YEARS),
        Group.ACCOUNTS,
        "How long a session lives without being renewed.",
    )
    user_cache_ttl: int = setting(
        60,
        seconds(1, HOUR),
        Group.ACCOUNTS,
        "How long a copy of a signed-in user may stay in Redis.",
    )
    session_max_age: int = setting(
        90 * DAY,
        seconds(1, TEN_YEARS),
        Group.ACCOUNTS,
        "How long a session lives at the most, however often it is renewed.",
    )
    require_confirmed_email: bool = setting(
        True,
        BOOLEAN,
        Group.ACCOUNTS,
        "Whether accounts are kept out until their e-mail is confirmed. Where they are not, the "
        "first who registers an e-mail has its account until somebody confirms another "
        "registration of it: that ends the account with its sessions and contacts. And a "
        "registration followed by a sign-in tells strangers whether the e-mail had an account.",
    )
    confirmation_ttl: int = setting(
        DAY,
        seconds(MINUTE, 30 * DAY),
        Group.ACCOUNTS,
        "How long a link to confirm an e-mail works.",
    )
    reset_ttl: int = setting(
        HOUR, seconds(MINUTE, DAY), Group.ACCOUNTS, "How long a link to set a new password works."
    )
    unconfirmed_ttl: int = setting(
        7 * DAY,
        seconds(DAY, TEN_YEARS),
        Group.RETENTION,
        "How long a registration waits to be confirmed before it is deleted, with its account if "
        "nobody has used that, and its link. Asking for the mail again begins the time anew.",
        more=":doc:`retention` has all that is kept for a time.",
    )
    trash_ttl: int = setting(
        30 * DAY,
        seconds(DAY, TOMBSTONE_TTL),
        Group.RETENTION,
        "How long a deleted contact can be restored; no longer than its deletion is remembered for "
        "those who synchronise, 90 days.",
    )
    ended_session_ttl: int = setting(
        30 * DAY,
        seconds(DAY, TEN_YEARS),
        Group.RETENTION,
        "How long a session that has ended is kept.",
    )
    mail_ttl: int = setting(
        30 * DAY,
        seconds(DAY, TEN_YEARS),
        Group.RETENTION,
        "How long is kept whom mail was sent to, and mail in files.",
    )
    dead_mail_ttl: int = setting(
        90 * DAY,
        seconds(DAY, TEN_YEARS),
        Group.RETENTION,
        "How long mail that was given up is kept.",
    )
    audit_ttl: int = setting(
        180 * DAY,
        seconds(31 * DAY, TEN_YEARS),
        Group.RETENTION,
        "How long an event stays in the audit log: 31 days at the least.",
    )
