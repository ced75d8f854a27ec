"""The outbox in the words of Prometheus."""

from dataclasses import asdict

from prometheus_client.core import GaugeMetricFamily, Metric

from contactsvc.mail import repository


async def families() -> list[Metric]:
    """Return how full the outbox is; it belongs to no process, so it is read from PostgreSQL.

    Raises:
        Unavailable: PostgreSQL is away, or the table is not there yet.
    """
    return outbox_families(**asdict(await repository.depth()))


def outbox_families(pending: int, dead: int, oldest_due: float, oldest_age: float) -> list[Metric]:
    """Return the outbox as metrics; all processes share it, so no process counts it.

    Args:
        pending: Mails that wait.
        dead: Mails that were given up.
        oldest_due: Seconds that the oldest mail has been due; 0 where none is.
        oldest_age: Seconds since a mail was asked for that still waits; 0 where none does.
    """
    depth = GaugeMetricFamily(
        "outbox_mails",
        "Mails that wait (pending) or were given up (dead); counted up to 10000.",
        labels=["status"],
    )
    depth.add_metric(["pending"], pending)
    depth.add_metric(["dead"], dead)
    oldest = GaugeMetricFamily(
        "outbox_oldest_due_seconds",
        "How long the oldest mail has been due without being taken; 0 where none is.",
        value=oldest_due,
    )
    age = GaugeMetricFamily(
        "outbox_oldest_age_seconds",
        "How long ago the oldest mail that still waits was asked for; 0 where none waits.",
        value=oldest_age,
    )
    return [depth, oldest, age]
