"""The state of the outbox as Prometheus metrics."""

from dataclasses import asdict

from prometheus_client.core import GaugeMetricFamily, Metric

from contactsvc.mail import repository


async def families() -> list[Metric]:
    """Return the metrics of the outbox, which are read from PostgreSQL as all processes share it.

    Raises:
        Unavailable: PostgreSQL does not answer, or the table has not been migrated yet.
    """
    return outbox_families(**asdict(await repository.depth()))


def outbox_families(pending: int, dead: int, oldest_due: float, oldest_age: float) -> list[Metric]:
    """Return the state of the outbox as metric families.

    Args:
        pending: Number of mails that wait to be sent.
        dead: Number of mails that were given up.
        oldest_due: Seconds that the oldest mail has been due; 0 where none is.
        oldest_age: Seconds since the oldest pending mail was asked for; 0 where none waits.
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
