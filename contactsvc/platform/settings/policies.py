"""The settings that say how mail is sent, what is limited or refused, and what is logged."""

from dataclasses import dataclass
from pathlib import Path

from contactsvc.platform.settings import checks
from contactsvc.platform.settings.setting import (
    BOOLEAN,
    PATH,
    Group,
    integer,
    many,
    one_of,
    setting,
    text,
)


@dataclass(frozen=True, kw_only=True)
class PolicySettings:
    """Mail and avatars, limits, passwords, sizes, logs."""

    smtp_url: str | None = setting(
        None,
        text("URL"),
        Group.MAIL,
        "The mail server to use: ``smtp://user:password@host:port?starttls=auto``, port 587 if "
        "none is given, or ``smtps://user:password@host:port`` for a connection that is encrypted "
        "from its start, port 465. ``starttls`` is ``required``, ``never``, or ``auto``: if the "
        "server offers it, and always where there is a password. Certificates are checked. Unset "
        "writes mails into ``DATA_DIR``, in the folder ``mail``.",
        secret=True,
        check=checks.not_a_mail_server,
    )
    cloudinary_url: str | None = setting(
        None,
        text("URL"),
        Group.MAIL,
        "Where avatars are kept: ``cloudinary://key:secret@cloud``, as Cloudinary shows it. Unset "
        "writes them into ``DATA_DIR``, in the folder ``avatars``, which several machines must "
        "then share.",
        more="A proxy of the upload API may follow the URL as ``?upload_prefix=https://...``. "
        "Avatars that were stored before this was changed are still shown.",
        secret=True,
        check=checks.not_a_cloud,
    )
    mail_from: str = setting(
        "contactsvc <contactsvc@localhost>",
        text("address"),
        Group.MAIL,
        "Who mails come from, as an address alone or as ``Name <address>``.",
        check=checks.not_a_mailbox,
    )
    login_limit_per_address: str = setting(
        "10/minute",
        text("limit"),
        Group.LIMITS,
        "Passwords that may be tried from one address.",
        more="An IPv6 address counts as its /64 network.",
        check=checks.not_a_limit,
    )
    login_limit_per_account: str = setting(
        "5/5minutes",
        text("limit, growing"),
        Group.LIMITS,
        "Passwords that may be tried with one e-mail, whether or not it has an account. A limit "
        "that grows is the first of three: the others follow from it, so that the wait grows with "
        "persistence.",
        more="The right password sets the count back.",
        check=checks.not_a_limit,
    )
    mail_limit_per_address: str = setting(
        "10/minute",
        text("limit"),
        Group.LIMITS,
        "Registrations, and requests for a confirmation or a reset link, from one address.",
        check=checks.not_a_limit,
    )
    mail_limit_per_account: str = setting(
        "5/5minutes",
        text("limit, growing"),
        Group.LIMITS,
        "The same for one e-mail, whether or not it has an account.",
        check=checks.not_a_limit,
    )
    user_limit: str = setting(
        "600/minute",
        text("limit"),
        Group.LIMITS,
        "Requests of one signed-in user. Each process counts by itself.",
        more=":doc:`/explanation/decisions/0007-users-are-counted-in-the-process` says why.",
        check=checks.not_a_limit,
    )
    sync_limit: str = setting(
        "6000/minute",
        text("limit"),
        Group.LIMITS,
        "Requests of one user by CardDAV, which ``USER_LIMIT`` does not count. A program that "
        "brings an address book along sends one for each contact, and few wait where one is "
        "refused. Each process counts by itself.",
        check=checks.not_a_limit,
    )
    transfer_limit: str = setting(
        "60/hour",
        text("limit"),
        Group.LIMITS,
        "Imports of one user, and as many exports, and birthday calendars that are sent whole.",
        check=checks.not_a_limit,
    )
    trusted_proxies: tuple[str, ...] = setting(
        (),
        many("IP addresses or networks"),
        Group.LIMITS,
        "The proxies whose ``X-Forwarded-For`` is believed, such as ``10.0.0.0/8``. If the service "
        "is behind a proxy and this is not set, all clients share the address of the proxy.",
        more="Reach the service over TCP: a Unix socket has no address.",
        check=checks.not_a_network,
    )
    registration_reveals_taken_email: bool = setting(
        False,
        BOOLEAN,
        Group.ACCOUNTS,
        "Whether a registration says that the e-mail has a confirmed account already. That is "
        "friendlier, and tells strangers who has an account.",
    )
    password_min_length: int = setting(
        12, integer(8, 128), Group.ACCOUNTS, "Characters that a new password has at least."
    )
    default_region: str | None = setting(
        None,
        text("ISO 3166-1 alpha-2 code"),
        Group.ACCOUNTS,
        "Where telephone numbers without a country are dialled, such as ``GB``, for users who have "
        "set no ``region`` of their own. Where neither is set, such numbers are kept as they were "
        "typed and have no E.164.",
        check=checks.not_a_region,
    )
    password_blocklist: Path | None = setting(
        None,
        PATH,
        Group.ACCOUNTS,
        "A file of passwords that are refused besides those that are refused anyway: one a line, "
        "up to 64 MiB; or their SHA-1 in ascending order, of any size, as the public downloads of "
        "breached passwords are.",
        more="It is never loaded (:ref:`refuse-passwords`).",
        check=checks.not_a_password_list,
    )
    password_breach_check: str | None = setting(
        None,
        text("true, false or URL"),
        Group.ACCOUNTS,
        "Whether Have I Been Pwned is asked if a new password was in a breach, or, at a URL, "
        "another server of the same protocol. Five digits of its SHA-1 leave the service. Unset is "
        "false.",
        check=checks.not_a_breach_check,
    )
    max_body_size: int = setting(
        256 * 1024,
        integer(64 * 1024, 1024 * 1024 * 1024, "bytes"),
        Group.REST,
        "The largest body that a request may have.",
    )
    max_connections: int = setting(
        1000,
        integer(10, 100_000),
        Group.REST,
        "Connections that each process has open. When there are as many, the one that has waited "
        "longest without a request makes room.",
        more="Where all are being answered, new ones are closed, and the log says so. The limit of "
        "open files is raised to fit, as far as the system allows. A process needs memory for the "
        "bodies of all of them: up to ``MAX_BODY_SIZE`` each.",
    )
    max_contacts: int = setting(
        100_000,
        integer(1, 10_000_000),
        Group.REST,
        "How many contacts one user may have.",
        more="One more is refused with 409 ``quota_exceeded``; contacts that are there already "
        "stay, and may be changed.",
    )
    log_level: str = setting(
        "INFO",
        one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        Group.REST,
        "What of the service's own is logged at the least; libraries are heard from ``WARNING`` "
        "on.",
    )
    log_format: str = setting(
        "text",
        one_of("text", "json"),
        Group.REST,
        "One line for people, or one JSON object for programs, for each event.",
    )
    metrics_token: str | None = setting(
        None,
        text("secret"),
        Group.REST,
        "The bearer token that ``/metrics`` asks for. Unset is open to everybody who reaches the "
        "service.",
        secret=True,
    )
