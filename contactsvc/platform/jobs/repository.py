"""Periodic jobs that one process of the whole fleet runs: a lease in PostgreSQL."""

from datetime import timedelta

from contactsvc.platform.clock import now
from contactsvc.platform.jobs.model import Job


async def claim(job: str, period: float) -> bool:
    """Return whether the job is due and this process has claimed it; at most one process does.

    Args:
        job: Its name in the table ``jobs``, up to 50 characters. The row is made by the first
            claim, which succeeds.
        period: Seconds until the job is due again. They are counted from the claim, so a process
            that dies during the work does not bring the next run forward.
    """
    moment = now()
    await Job.bulk_create([Job(name=job, due_at=moment)], ignore_conflicts=True)
    due = Job.filter(name=job, due_at__lte=moment)
    return bool(await due.update(due_at=moment + timedelta(seconds=period)))
