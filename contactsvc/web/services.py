"""What a request may be answered with, as far as HTTP itself needs it."""

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
    """What views and middleware of any domain use.

    The wings above add theirs by inheritance; the assembly makes the one that has them all.
    """

    settings: Settings
    openapi: bytes
    connections: Connections
    draining: Draining
    cursors: Cursors
    throttle: Throttle
    health: Health
    scrapes: Scrapes
