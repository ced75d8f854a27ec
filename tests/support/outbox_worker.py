"""A worker as a process of its own, for tests that kill it.

Usage: python -m tests.support.outbox_worker DATABASE_URL SMTP_PORT LEASE
"""

import asyncio
import sys

from contactsvc.mail.smtp import SmtpSender, SmtpServer
from contactsvc.mail.worker import OutboxWorker
from contactsvc.platform.database import database
from tests.mail.support import mail_composer


async def main(url: str, port: str, lease: str) -> None:
    async with database(url, pool_size=2):
        smtp = SmtpSender(SmtpServer.parse(f"smtp://127.0.0.1:{port}"))
        await OutboxWorker(smtp, mail_composer(), poll=0.02, lease=float(lease)).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
