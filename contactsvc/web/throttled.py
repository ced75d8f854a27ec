"""The rate limits that an operation declares."""

from dataclasses import dataclass
from typing import Final

from contactsvc.platform.redis.throttle import Policy


@dataclass(frozen=True)
class Throttled:
    """The rate limits of a handler, besides the one on all calls of a signed-in user.

    Args:
        address: The policy for the client's address.
        account: The policy for the e-mail, whether or not it has an account.
    """

    address: Policy
    account: Policy


LOGIN: Final = Throttled(Policy.LOGIN_ADDRESS, Policy.LOGIN_ACCOUNT)
"""For handlers that check a password: of the signed-in user, or else of the body's ``email``."""

MAIL: Final = Throttled(Policy.MAIL_ADDRESS, Policy.MAIL_ACCOUNT)
"""For handlers that may send a mail to the body's ``email``."""
