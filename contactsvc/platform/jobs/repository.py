"""Whose turn it is to do what only one of all processes, on all hosts, should do."""

from datetime import timedelta

from contactsvc.platform.clock import now
from contactsvc.platform.jobs.model import Job


async def take(name: str, every: float) -> bool:
    """Return whether a job is due and this process is to do it; then nobody else gets it.

    Args:
        name: Of the job; up to 50 characters.
        every: Seconds until it is due again. A process that dies over it has had its turn.
    """
    moment = now()
    await Job.bulk_create([Job(name=name, due_at=moment)], ignore_conflicts=True)
    due = Job.filter(name=name, due_at__lte=moment)
    return bool(await due.update(due_at=moment + timedelta(seconds=every)))
