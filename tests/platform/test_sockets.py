"""Where the service listens: at several addresses, or nowhere, with a word about it."""

import socket

import pytest

from contactsvc.platform.sockets import CannotListen, bound, listens
from tests.support.ports import free_port
from tests.support.service_process import has_ipv6


def test_all_of_ipv6_fits_beside_all_of_ipv4() -> None:
    if not has_ipv6():
        pytest.skip("there is no IPv6 here")
    port = free_port()
    made = bound(["::", "0.0.0.0"], port)
    assert [each.getsockname()[:2] for each in made] == [("::", port), ("0.0.0.0", port)]
    for each in made:
        each.listen()  # where the first took IPv4 as well, only this fails
    for each in made:
        each.close()


def test_several_addresses_of_one_machine() -> None:
    port = free_port()
    made = bound(["127.0.0.1", "127.0.0.2"], port)
    assert [each.getsockname() for each in made] == [("127.0.0.1", port), ("127.0.0.2", port)]
    for each in made:
        each.close()


def test_a_name_may_have_addresses_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    ipv4, ipv6 = socket.AF_INET, socket.AF_INET6

    def found(*_: object, **__: object) -> list[object]:
        nowhere = ("2001:db8::1", 0, 0, 0)
        return [
            (f, 1, 6, "", address) for f, address in ((ipv6, nowhere), (ipv4, ("127.0.0.1", 0)))
        ]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    [made] = bound(["localhost"], 0)
    assert made.getsockname()[0] == "127.0.0.1"
    made.close()


def test_what_cannot_be_listened_at_names_the_setting(subtests: pytest.Subtests) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for host, reason in {
            "127.0.0.1": f"PORT: {port} of 127.0.0.1 is taken; set PORT to another one",
            "192.0.2.1": "HOST: 192.0.2.1 is no address of this machine.",
            "nowhere.invalid": "HOST: nowhere.invalid is no address of this machine.",
            "a" * 70 + ".example": "HOST: ",
        }.items():
            with subtests.test(host):
                with pytest.raises(CannotListen, match="^" + reason.replace(".", r"\.")):
                    bound(["127.0.0.3", host], port)
                bound(["127.0.0.3"], port)[0].close()


def test_of_two_that_are_bound_to_one_port_one_listens() -> None:
    """uvloop closes the other and says nothing."""
    port = free_port()
    [one], [two] = bound(["127.0.0.1"], port), bound(["127.0.0.1"], port)
    one.listen()

    with pytest.raises(OSError, match="in use"):
        two.listen()
    assert (listens(one), listens(two)) == (True, False)

    for each in (one, two):
        each.close()
    assert not listens(one)
