"""What the protocol refuses, and how it says why."""

from http import HTTPStatus


class Refused(Exception):
    """A condition of the protocol that is not met (RFC 4918, 16).

    Args:
        status: The HTTP status, 400 to 599.
        condition: The element that names the condition, as XML.
    """

    def __init__(self, status: int, condition: str) -> None:
        super().__init__(condition)
        self.status = status
        self.condition = condition


def forbidden(condition: str) -> Refused:
    """Return the refusal of what will never be allowed."""
    return Refused(HTTPStatus.FORBIDDEN, condition)
