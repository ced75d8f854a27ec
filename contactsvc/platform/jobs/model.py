"""The table of periodic jobs."""

from tortoise import fields
from tortoise.models import Model


class Job(Model):
    """When a job is due next. The process that moves ``due_at`` on is the one that runs the job."""

    name = fields.CharField(max_length=50, primary_key=True)
    due_at = fields.DatetimeField()

    class Meta:
        """How the table is called."""

        table = "jobs"
