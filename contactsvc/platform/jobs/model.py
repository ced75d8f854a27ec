"""Work that is done now and then, by one process of all."""

from tortoise import fields
from tortoise.models import Model


class Job(Model):
    """When a job is due next; the process that moves it on is the one that does it."""

    name = fields.CharField(max_length=50, primary_key=True)
    due_at = fields.DatetimeField()

    class Meta:
        """How the table is called."""

        table = "jobs"
