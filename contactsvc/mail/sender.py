"""What every way of sending mail has in common."""

from email.message import EmailMessage
from typing import Protocol


class DeliveryFailure(Exception):
    """A mail was not sent.

    Args:
        reason: Why, for logs and the outbox; it names no address, text or credential.
    """


class TemporaryFailure(DeliveryFailure):
    """The mail may be sent later; RFC 5321 calls this a transient negative completion."""


class PermanentFailure(DeliveryFailure):
    """The mail will never be sent as it is."""


class Sender(Protocol):
    """A way of sending mail: a server, or a folder where none is set up."""

    @property
    def place(self) -> str:
        """The server or the folder, as operators read it."""
        ...

    async def send(self, message: EmailMessage) -> None:
        """Send one mail, from the address in ``From`` to the one in ``To``.

        Raises:
            TemporaryFailure: It was not sent, or that is unknown; it is worth trying again.
            PermanentFailure: It was refused for good.
        """
        ...
