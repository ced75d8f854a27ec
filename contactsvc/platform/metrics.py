"""The service's metrics, for Prometheus.

Every number is added up where something happens, and none is worked out when it is asked for: with
several worker processes, whichever of them answers a scrape adds up the files of all. Labels take
few values, and none that a caller has chosen.
"""

import platform
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from contactsvc import __version__

# ``_created`` series would double the number of series; Prometheus makes no use of them.
disable_created_metrics()  # type: ignore[no-untyped-call]

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
"""The format that ``render`` writes."""

REGISTRY: Final = CollectorRegistry()
"""The metrics of this process."""

_HTTP_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_HASHING_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def _gauge(name: str, help_text: str, labels: Iterable[str] = ()) -> Gauge:
    # Of several processes, the values of those that are alive are added up.
    return Gauge(name, help_text, labels, registry=REGISTRY, multiprocess_mode="livesum")


HTTP_DURATION: Final = Histogram(
    "http_server_request_duration_seconds",
    "Time from a request's arrival until its answer is ready to be sent.",
    ("method", "route", "status"),
    buckets=_HTTP_BUCKETS,
    registry=REGISTRY,
)
HTTP_ACTIVE: Final = _gauge(
    "http_server_active_requests", "Requests that have begun and are not answered yet."
)
DB_POOL_CONNECTIONS: Final = _gauge(
    "db_pool_connections", "Open connections to PostgreSQL: used or idle.", ("state",)
)
DB_POOL_WAITING: Final = _gauge(
    "db_pool_waiting", "Tasks that wait for a connection to PostgreSQL."
)
DB_POOL_TIMEOUTS: Final = Counter(
    "db_pool_timeouts_total",
    "Waits for a connection to PostgreSQL that were given up.",
    registry=REGISTRY,
)
USER_CACHE_REQUESTS: Final = Counter(
    "user_cache_requests_total",
    "Looks into the cache for the current user: hit, miss, or away where Redis was not asked or "
    "did not answer.",
    ("result",),
    registry=REGISTRY,
)
PASSWORD_HASHING_QUEUE: Final = _gauge(
    "password_hashing_queue", "Password hashes that wait or are being computed."
)
PASSWORD_HASHING_DURATION: Final = Histogram(
    "password_hashing_duration_seconds",
    "Time from asking for a password hash until it is there, waiting included.",
    buckets=_HASHING_BUCKETS,
    registry=REGISTRY,
)
PASSWORD_HASHING_REFUSED: Final = Counter(
    "password_hashing_refused_total",
    "Password hashes that were refused because too many were waiting.",
    registry=REGISTRY,
)
LOGIN_FAILURES: Final = Counter(
    "login_failures_total",
    "Sign-ins that failed, by the code of the error, or app_password.",
    ("reason",),
    registry=REGISTRY,
)
THROTTLED_REQUESTS: Final = Counter(
    "throttled_requests_total",
    "Requests that were refused because of a limit.",
    ("policy",),
    registry=REGISTRY,
)
OUTBOX_DELIVERIES: Final = Counter(
    "outbox_deliveries_total",
    "Tries to send a mail: sent, skipped, retried (it will be tried again) or dead (given up).",
    ("result",),
    registry=REGISTRY,
)
BIRTHDAY_REMINDERS: Final = Counter(
    "birthday_reminders_total",
    "Birthday reminders that were due: queued, empty (there was nothing to tell), skipped (the "
    "account may get none, or the day has had one or was missed) or failed.",
    ("result",),
    registry=REGISTRY,
)
IMPORTED_CONTACTS: Final = Counter(
    "imported_contacts_total",
    "Contacts of imported files: created, updated, skipped (they were there) or failed.",
    ("result",),
    registry=REGISTRY,
)
_BUILD_INFO: Final = Gauge(
    "contactsvc_build_info",
    "Always 1; the labels say what is running.",
    ("version", "python"),
    registry=REGISTRY,
    multiprocess_mode="max",
)
_BUILD_INFO.labels(__version__, platform.python_version()).set(1)


class _Scrape:
    """The content of one scrape: what is counted, and what was read for this scrape alone."""

    def __init__(self, more: Iterable[Metric]) -> None:
        self._more = more

    def collect(self) -> Iterator[Metric]:
        yield from _SOURCE.collect()
        yield from self._more


class _WorkersFiles(MultiProcessCollector):
    """The files of all workers; those that are empty are passed over.

    A file is empty for a moment when a worker makes it, and for good if that worker is killed then.
    Without this, no scrape would succeed meanwhile (prometheus/client_python#1199).
    """

    @staticmethod
    def merge(files: Iterable[str], accumulate: bool = True) -> Iterable[Metric]:
        filled = [file for file in files if not _is_empty(file)]
        return MultiProcessCollector.merge(filled, accumulate)  # type: ignore[no-any-return, no-untyped-call]


def _is_empty(file: str) -> bool:
    try:
        return Path(file).stat().st_size == 0
    except FileNotFoundError:  # it is one of a worker that has just been forgotten
        return True


def _source() -> CollectorRegistry:
    """Return what is scraped: all workers' files where they write files, or else this process."""
    merged = CollectorRegistry()
    try:
        _WorkersFiles(merged)  # type: ignore[no-untyped-call]
    except ValueError:  # PROMETHEUS_MULTIPROC_DIR is not set
        return REGISTRY
    return merged


# Chosen when the library is loaded, as the library itself chooses then where values are kept.
_SOURCE: Final = _source()


def render(more: Iterable[Metric] = ()) -> bytes:
    """Return all metrics in Prometheus' text format, those of all workers added up.

    It may take some milliseconds: call it beside the event loop.

    Args:
        more: Metrics that no process counts.
    """
    return generate_latest(_Scrape(more))


def forget(pid: int) -> None:
    """Take a worker that has ended out of the gauges; what it has counted stays.

    Args:
        pid: Process id of the worker. Call this once for each, in a process that outlives it.
    """
    if _SOURCE is not REGISTRY:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]
