"""Real CardDAV programs against a running service: ``make clients``, no part of ``make test``."""
