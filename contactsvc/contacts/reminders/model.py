"""The table of settings of birthday reminders."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from contactsvc.accounts.users.model import User


class BirthdayReminder(Model):
    """When a user is told by mail whose birthday is near, and what has been done of it."""

    owner: fields.OneToOneRelation[User] = fields.OneToOneField(
        "models.User",
        related_name="birthday_reminder",
        primary_key=True,
        on_delete=fields.CASCADE,
    )
    days_before = ArrayField("int", description="0 is the day itself")
    hour = fields.SmallIntField(description="Of the clock in tz, 0 to 23")
    tz = fields.CharField(max_length=64, description="A name of the IANA database")
    enabled = fields.BooleanField(default=True)
    next_due_at = fields.DatetimeField(null=True, description="NULL where it is not enabled")
    last_sent_on = fields.DateField(null=True, description="The last day in tz that has had a mail")

    class Meta:
        """The names of the table and its index."""

        table = "birthday_reminders"
        indexes = (Index(fields=("next_due_at",), name="idx_birthday_reminders_due"),)
