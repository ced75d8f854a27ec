"""What every way of sending mail has in common."""

from email.message import EmailMessage
from typing import Protocol


class DeliveryFailure(Exception):
    """A mail was not sent.

    Args:
        reason: Why, for logs and the outbox; it names no address, text or credential.
    """


class TemporaryFailure(DeliveryFailure):
    """It may be sent later: RFC 5321 calls it a transient negative completion."""


class PermanentFailure(DeliveryFailure):
    """It will never be sent as it is."""


class Sender(Protocol):
    """Sends mail."""

    @property
    def place(self) -> str:
        """Where mail goes, for a person: a server or a folder."""
        ...

    async def send(self, message: EmailMessage) -> None:
        """Send one mail from the address in From to that in To.

        Raises:
            TemporaryFailure: It was not sent, or nobody knows; trying again makes sense.
            PermanentFailure: Trying again makes no sense.
        """
        ...
