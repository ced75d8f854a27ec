"""The services that views and middleware of ``web`` use."""

from collections.abc import Callable
from dataclasses import dataclass

from contactsvc.platform.redis.throttle import Throttle
from contactsvc.platform.settings import Settings
from contactsvc.web.connections import Connections
from contactsvc.web.cursors import Cursors
from contactsvc.web.draining import Draining
from contactsvc.web.health.service import Health
from contactsvc.web.scrapes import Scrapes


@dataclass(frozen=True, kw_only=True)
class WebServices:
    """The services of every application, which the assembly makes.

    ``AccountServices`` adds those of accounts, and ``Services`` in assembly.py all others.
    """

    settings: Settings
    openapi: Callable[[], bytes]
    connections: Connections
    draining: Draining
    cursors: Cursors
    throttle: Throttle
    health: Health
    scrapes: Scrapes
