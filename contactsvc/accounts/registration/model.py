"""Registrations that have not been confirmed."""

from tortoise import fields
from tortoise.models import Model

from contactsvc.platform.database.columns import SearchKeyField


class Registration(Model):
    """A registration whose link nobody has followed yet.

    One e-mail may have several, each with its own password, name and link. A registration of an
    e-mail that has a confirmed account gets no link; it is stored so that a sign-in with its
    password is answered as it is for a free e-mail.
    """

    id = fields.BigIntField(primary_key=True)
    email = fields.CharField(max_length=254)
    email_key = SearchKeyField(max_length=1024, description="Normalised for look-up")
    name = fields.CharField(max_length=100, default="")
    password_hash = fields.CharField(max_length=255)
    user_id = fields.BigIntField(null=True, description="The unconfirmed account made by it")
    digest = fields.CharField(max_length=64, null=True, unique=True, description="SHA-256 in hex")
    link_expires_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    asked_at = fields.DatetimeField(description="When a link was last asked for")

    class Meta:
        """How the table and its indexes are called."""

        table = "registrations"
        indexes = (("email_key", "id"), ("asked_at",))
