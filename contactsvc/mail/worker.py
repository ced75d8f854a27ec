"""The worker that sends the mail of the outbox. Every process has one, and they share the work."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from random import SystemRandom
from typing import Final, Protocol

from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailStatus
from contactsvc.mail.repository import ClaimedMail
from contactsvc.mail.sender import DeliveryFailure, PermanentFailure, Sender
from contactsvc.platform.errors import MigrationsDue, Unavailable
from contactsvc.platform.metrics import OUTBOX_DELIVERIES

MAX_ATTEMPTS: Final = 8
"""Attempts to send a mail before it is given up."""

BASE_DELAY: Final = 60.0
"""Longest delay in seconds after the first attempt; each further one makes it four times that."""

MAX_DELAY: Final = 16 * 3600.0
"""Longest delay in seconds after any attempt."""

RANDOM: Final = SystemRandom()

_RETRIED: Final = OUTBOX_DELIVERIES.labels("retried")
_ENDED: Final = {
    status: OUTBOX_DELIVERIES.labels(status)
    for status in (MailStatus.SENT, MailStatus.SKIPPED, MailStatus.DEAD)
}

logger = logging.getLogger(__name__)


def max_delay(attempts: int) -> float:
    """Return the longest delay in seconds after ``attempts`` failed attempts, 1 or more.

    The real delay is random between 0 and this ("full jitter"), so that mails that failed together
    are not tried again together. Eight attempts take about a day.
    """
    return min(BASE_DELAY * 4.0 ** (attempts - 1), MAX_DELAY)


class Composer(Protocol):
    """Decides what a mail says."""

    async def compose(self, mail: ClaimedMail, /) -> EmailMessage | None:
        """Return the mail to send, or None where none is due any more.

        Raises:
            PermanentFailure: The recipient is no address.
        """


class OutboxWorker:
    """Sends one mail after the other, so that a worker that dies sends one mail twice at the most.

    Args:
        sender: The way out: an SMTP server or a folder.
        composer: Decides what each mail says, or that it is not needed any more.
        poll: Seconds between two queries of an empty outbox.
        lease: Seconds after which another worker may claim a mail that this one has claimed; must
            be more than the sender ever takes.
        grace: Seconds that a mail under way may still take when the worker is stopped.
        jitter: Returns a random number between two bounds.
    """

    def __init__(
        self,
        sender: Sender,
        composer: Composer,
        *,
        poll: float = 1.0,
        lease: float = 120.0,
        grace: float = 5.0,
        jitter: Callable[[float, float], float] = RANDOM.uniform,
    ) -> None:
        self._sender = sender
        self._composer = composer
        self._poll = poll
        self._lease = lease
        self._grace = grace
        self._jitter = jitter
        self._woken = asyncio.Event()
        self._stopping = False
        self._is_failing = False

    def wake(self) -> None:
        """Query the outbox now; called when this process has queued mail."""
        self._woken.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work in the background while the context lasts, woken by each mail that is queued.

        At its end a mail under way gets ``grace`` seconds. If it takes longer, its claim is
        released: another worker may send it, and it may go out twice.
        """
        task = asyncio.create_task(self.run(), name="outbox worker")
        try:
            with outbox.listening(self.wake):
                yield
        finally:
            self._stopping = True
            self.wake()
            await asyncio.wait({task}, timeout=self._grace)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def run(self) -> None:
        """Send whatever is due until the worker is stopped."""
        while not self._stopping:
            self._woken.clear()
            await self.send_due()
            if not self._stopping:
                await self._rest()

    async def send_due(self) -> int:
        """Send what is due now and return the number of mails."""
        count = 0
        while not self._stopping and await self._send_next():
            count += 1
        return count

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._poll):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _send_next(self) -> bool:
        """Send the mail that has been due longest; return whether there was one."""
        try:
            claimed = await outbox.claim(1, self._lease)
            for mail in claimed:
                await self._deliver(mail)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next mail must go out
            self._log_once(error)
            return False
        self._is_failing = False
        return bool(claimed)

    async def _deliver(self, mail: ClaimedMail) -> None:
        try:
            message = await self._composer.compose(mail)
            if message is None:
                await self._finish(mail, MailStatus.SKIPPED)
                return
            await self._sender.send(message)
        except asyncio.CancelledError:
            await outbox.release(mail.id)
            raise
        except PermanentFailure as failure:
            await self._finish(mail, MailStatus.DEAD, str(failure))
        except (DeliveryFailure, Unavailable) as failure:
            await self._try_again(mail, str(failure))
        except Exception as error:  # noqa: BLE001 - one bad mail must not keep the others back
            logger.error("Mail %d: %s", mail.id, _where(error))  # noqa: TRY400 - it logs the message
            await self._try_again(mail, type(error).__name__)
        else:
            await self._finish(mail, MailStatus.SENT)

    async def _try_again(self, mail: ClaimedMail, reason: str) -> None:
        if mail.attempts >= MAX_ATTEMPTS:
            await self._finish(mail, MailStatus.DEAD, reason)
            return
        _RETRIED.inc()
        delay = self._jitter(0.0, max_delay(mail.attempts))
        logger.warning("Mail %d (%s) waits %.0f s: %s", mail.id, mail.kind, delay, reason)
        await self._store(lambda: outbox.retry(mail.id, delay, reason))

    async def _finish(self, mail: ClaimedMail, status: MailStatus, reason: str = "") -> None:
        _ENDED[status].inc()
        level = logging.ERROR if status is MailStatus.DEAD else logging.INFO
        logger.log(level, "Mail %d (%s) is %s. %s", mail.id, mail.kind, status, reason)
        await self._store(lambda: outbox.finish(mail.id, status, reason))

    async def _store(self, write: Callable[[], Awaitable[None]]) -> None:
        """Store the outcome of an attempt, and try again until that succeeds.

        Without it the mail, and all after it, would be sent again with every lease.
        """
        while True:
            try:
                await write()
            except Exception as error:  # noqa: BLE001 - see above
                self._log_once(error)
                await asyncio.sleep(self._poll)
            else:
                return

    def _log_once(self, error: Exception) -> None:
        """Log why the outbox cannot be read or written, once until it works again."""
        if not self._is_failing and not isinstance(error, MigrationsDue):  # logged at the start
            reason = str(error) if isinstance(error, Unavailable) else _where(error)
            logger.error("The outbox cannot be worked on: %s", reason)
        self._is_failing = True


def _where(error: Exception) -> str:
    """Return an error's type and traceback without its message, which may have personal data."""
    lines = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{lines}"
