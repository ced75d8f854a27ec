"""The settings that say where the service runs and what it stands on."""

from dataclasses import dataclass, field
from pathlib import Path

from contactsvc.platform.settings import checks
from contactsvc.platform.settings.setting import (
    PATH,
    Group,
    Setting,
    fractions_of_seconds,
    integer,
    many,
    metadata,
    seconds,
    setting,
    text,
)


@dataclass(frozen=True, kw_only=True)
class DeploymentSettings:
    """Addresses, processes, data, keys."""

    host: tuple[str, ...] = setting(
        ("127.0.0.1",),
        many("addresses or names"),
        Group.LISTENING,
        "The addresses that the service listens at. ``0.0.0.0`` is all of the machine's in IPv4, "
        "``::`` all in IPv6, ``0.0.0.0,::`` both.",
    )
    port: int = setting(
        8000, integer(1, 65535), Group.LISTENING, "The port that the service listens at."
    )
    workers: int = setting(
        1,
        integer(1, 64),
        Group.LISTENING,
        "Processes that serve. More than one needs ``REDIS_URL``.",
    )
    shutdown_delay: int = setting(
        5,
        seconds(0, 300),
        Group.LISTENING,
        "How long the service goes on serving after ``SIGTERM`` while the health check says 503 "
        "already. Load balancers need a moment to notice. Ctrl-C does not wait.",
    )
    shutdown_timeout: int = setting(
        20,
        seconds(1, 300),
        Group.LISTENING,
        "How long requests that have begun may then still take.",
    )
    data_dir: Path = setting(
        Path("var"),
        PATH,
        Group.DATA,
        "Where everything embedded keeps its data.",
        check=checks.not_a_path,
    )
    database_url: str | None = setting(
        None,
        text("URL"),
        Group.DATA,
        "The PostgreSQL to use: ``postgres://user:password@host:port/database``. Unset is an "
        "embedded one in ``DATA_DIR``.",
        more=":ref:`database-url` has all that the URL may say.",
        secret=True,
        check=checks.not_a_database,
    )
    database_pool_size: int = setting(
        10, integer(1, 1000), Group.DATA, "Connections to PostgreSQL at the most."
    )
    database_timeout: float = setting(
        1.2,
        fractions_of_seconds(0.1, 300),
        Group.DATA,
        "How long a request waits for connections, all of its statements together, or for a "
        "PostgreSQL that is silent, before it is told 503. Raise it where PostgreSQL is more than "
        "80 ms away.",
        more="What PostgreSQL works on is waited for longer (:doc:`outages`).",
    )
    redis_url: str | None = setting(
        None,
        text("URL"),
        Group.DATA,
        "The Redis or Valkey to use: ``redis://``, ``rediss://`` or ``unix://``; "
        "``redis+sentinel://host1:26379,host2:26379/mymaster/0`` for the primary that Sentinels "
        "name; ``redis+cluster://host1:6379,host2:6379`` for a Cluster; ``rediss+`` for either "
        "with TLS. Unset is an imitation in the process, which forgets everything when it ends.",
        more="See :ref:`more-redis` and :ref:`redis-url`.",
        secret=True,
        check=checks.not_a_redis,
    )
    redis_timeout: float = setting(
        0.5,
        fractions_of_seconds(0.05, 60),
        Group.DATA,
        "How long a request waits for Redis before it goes on without it.",
    )
    secret_key: str = field(
        metadata=metadata(
            Setting(
                text("text, 32 characters or more"),
                Group.KEYS,
                "Signs tokens and cursors. Unset is a key made once and kept in ``DATA_DIR``; that "
                "is allowed only where neither ``DATABASE_URL`` nor ``REDIS_URL`` is set. This "
                "makes one: ``python3 -c 'import secrets; print(secrets.token_urlsafe(48))'``",
                secret=True,
                check=checks.weak_key,
            )
        )
    )
    secret_key_fallbacks: tuple[str, ...] = setting(
        (),
        many("keys"),
        Group.KEYS,
        "Earlier keys, whose signatures are still accepted.",
        secret=True,
        check=checks.weak_key,
    )
    public_url: str = setting(
        "http://127.0.0.1:8000",
        text("URL, http or https"),
        Group.LISTENING,
        "Where clients reach the service: the beginning of every link, and the issuer of its "
        "tokens. If it is not set, it follows from the first of ``HOST`` and from ``PORT``.",
        check=checks.not_a_base_url,
    )
    cors_origins: tuple[str, ...] = setting(
        (),
        many("origins"),
        Group.LISTENING,
        "The origins, such as ``https://app.example.com``, whose web pages may call the service.",
        check=checks.not_an_origin,
    )
