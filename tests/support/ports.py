"""Ports for servers that tests start, stop, and start again at the same one."""

import socket
from random import SystemRandom
from typing import Final

CHOICE: Final = range(12_000, 32_000)
"""Below what Linux gives to outgoing connections (32768 and up) and to whoever asks for any port:
one of those could be somebody else's while the server is down."""

_RANDOM: Final = SystemRandom()  # seeds are the same in all test processes
_given: set[int] = set()


def free_port() -> int:
    """Return a port that nobody uses and that this process has not been given before."""
    while True:
        port = _RANDOM.choice(CHOICE)
        if port not in _given and _is_free(port):
            _given.add(port)
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
