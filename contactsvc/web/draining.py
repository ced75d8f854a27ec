"""The state of a process that has been told to stop and still answers requests."""

import logging

logger = logging.getLogger(__name__)


class Draining:
    """Whether the process is about to stop.

    While it is on, the health check answers 503, so that load balancers send new requests
    elsewhere, and every connection is closed after its next answer.
    """

    def __init__(self) -> None:
        self.is_on = False

    def begin(self, seconds: float) -> None:
        """Turn it on.

        Args:
            seconds: How long requests are still answered; for the log.
        """
        self.is_on = True
        logger.info("Told to stop: requests are still served for %g s.", seconds)
