"""How a process leaves without anybody noticing."""

import logging

logger = logging.getLogger(__name__)


class Draining:
    """Off while the process serves; on when it has been told to stop and still serves.

    Meanwhile the health check answers 503, so that load balancers send new requests elsewhere, and
    every connection is closed with its next answer.
    """

    def __init__(self) -> None:
        self.is_on = False

    def begin(self, seconds: float) -> None:
        """Say that the process will stop in so many seconds."""
        self.is_on = True
        logger.info("Told to stop: requests are still served for %g s.", seconds)
