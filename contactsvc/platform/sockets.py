"""The sockets that the service listens at, bound before anything else is begun."""

import errno
import socket
from collections.abc import Iterable, Iterator
from typing import Final

_NO_SUCH_FAMILY: Final = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class CannotListen(Exception):
    """An address cannot be listened at; the message names the setting."""


def bound(hosts: Iterable[str], port: int) -> list[socket.socket]:
    """Return a bound socket for each address of each host; none of them listens yet.

    Args:
        hosts: Addresses or names; ``::`` is all of IPv6 alone, so that ``0.0.0.0`` fits beside it.
        port: TCP port, the same for all hosts.

    Raises:
        CannotListen: One of the hosts has no address that can be bound.
    """
    sockets: list[socket.socket] = []
    try:
        for host in hosts:
            sockets += _of_host(host, port)
    except CannotListen:
        for each in sockets:
            each.close()
        raise
    return sockets


def _of_host(host: str, port: int) -> list[socket.socket]:
    made: list[socket.socket] = []
    missing: OSError | None = None
    for family, address in _addresses(host, port):
        try:
            made.append(_bind(family, address))
        except OSError as error:
            if error.errno not in _NO_SUCH_FAMILY:
                for each in made:
                    each.close()
                raise CannotListen(_reason(error, host, port)) from error
            missing = error  # localhost names ::1, too, where there is no IPv6
    if not made:
        raise CannotListen(f"HOST: {host} is no address of this machine.") from missing
    return made


def _addresses(host: str, port: int) -> Iterator[tuple[socket.AddressFamily, tuple[object, ...]]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    yield from dict.fromkeys((entry[0], entry[4]) for entry in found)


def _bind(family: socket.AddressFamily, address: tuple[object, ...]) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(address)
    except OSError:
        made.close()
        raise
    return made


def _reason(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"PORT: {port} of {host} is taken; set PORT to another one, or end what listens."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"PORT: {port} is not for every user; set PORT to 1024 or more."
    return f"HOST: {host} cannot be listened at: {error.strerror}."


def listens(made: socket.socket) -> bool:
    """Return whether a socket listens, once the server has been started on it.

    Another process may have bound the address, too, and listened first. uvloop then closes this
    socket and raises nothing.
    """
    try:
        return bool(made.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False
