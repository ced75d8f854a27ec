"""Where a request comes from, as far as somebody trusted tells it."""

import asyncio
import json

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict
from pytest_aiohttp.plugin import AiohttpClient

from contactsvc.assembly import assemble
from contactsvc.platform.settings import Settings
from contactsvc.web.keys import CALLER, SERVICES
from contactsvc.web.middleware.client_address import _address, client_address, client_ip
from contactsvc.web.middleware.request_id import request_id

PROXY = "10.0.0.1"
TRUSTED = ("10.0.0.0/8", "2001:db8:ffff::/48")
GARBAGE = [
    *("", " ", "-", "unknown", "_hidden", "\u00b2", "\udc80"),
    *("1.2.3", "1.2.3.4.5", "256.1.1.1", "010.0.0.1", "0x7f.1", "1.2.3.4/8"),
    *("1.2.3.4:", "1.2.3.4:123456", "[1.2.3.4", "[]", "[::1", "::1]", "::g", "[::1]x"),
]


@pytest.mark.parametrize("lines", [[], ["198.51.100.7"], ["10.0.0.2"], ["198.51.100.7, 10.0.0.2"]])
@pytest.mark.parametrize(("peer", "trusted"), [("192.0.2.1", TRUSTED), (PROXY, ())])
def test_a_peer_that_is_not_trusted_is_not_believed(
    peer: str, trusted: tuple[str, ...], lines: list[str]
) -> None:
    assert client_ip(peer, lines, trusted) == peer


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], PROXY),
        (["198.51.100.7"], "198.51.100.7"),
        (["198.51.100.7, 10.0.0.2, 10.0.0.3"], "198.51.100.7"),
        # What stands left of the first stranger is the stranger's own claim.
        (["127.0.0.1, 198.51.100.7"], "198.51.100.7"),
        (["10.9.9.9, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        (["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        # Several lines are one list.
        (["203.0.113.9", "198.51.100.7", "10.0.0.2"], "198.51.100.7"),
        (["203.0.113.9, 198.51.100.7", "10.0.0.2,10.0.0.3"], "198.51.100.7"),
        # Ports, brackets and white space.
        (["198.51.100.7:4711"], "198.51.100.7"),
        ([" \t198.51.100.7\t , 10.0.0.2:80 "], "198.51.100.7"),
        (["2001:db8::7"], "2001:db8::7"),
        (["[2001:db8::7]"], "2001:db8::7"),
        (["[2001:DB8:0::7]:4711, 2001:db8:ffff::1"], "2001:db8::7"),
        # IPv4 in IPv6 is IPv4.
        (["::ffff:198.51.100.7"], "198.51.100.7"),
        (["198.51.100.7, ::ffff:10.0.0.2"], "198.51.100.7"),
        (["fe80::1%eth0"], "fe80::1"),
    ],
)
def test_the_list_is_walked_from_the_right(lines: list[str], expected: str) -> None:
    assert client_ip(PROXY, lines, TRUSTED) == expected


@pytest.mark.parametrize("garbage", GARBAGE)
def test_nonsense_stops_the_walk(garbage: str) -> None:
    assert client_ip(PROXY, [f"198.51.100.7, {garbage}"], TRUSTED) == PROXY
    assert client_ip(PROXY, [f"198.51.100.7, {garbage}, 10.0.0.2"], TRUSTED) == "10.0.0.2"


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("2001:DB8::0:1", "2001:db8::1"),
    ],
)
def test_a_peer_has_one_spelling(peer: str, expected: str) -> None:
    assert client_ip(peer, [], ()) == expected


def test_a_proxy_at_a_double_stack_socket_is_known() -> None:
    assert client_ip("::ffff:10.0.0.1", ["198.51.100.7"], TRUSTED) == "198.51.100.7"


def test_a_unix_socket_has_no_address_and_is_not_trusted() -> None:
    assert client_ip("", ["198.51.100.7"], ("0.0.0.0/0", "::/0")) == ""


@given(st.lists(st.text()))
def test_no_header_breaks_it(lines: list[str]) -> None:
    assert client_ip("192.0.2.1", lines, TRUSTED) == "192.0.2.1"
    assert len(client_ip(PROXY, lines, ("0.0.0.0/0", "::/0"))) <= 45


def test_addresses_are_remembered_and_a_flood_of_them_is_bounded() -> None:
    remembered = _address.cache_info
    for _ in range(2):
        before = remembered().misses
        assert client_ip(PROXY, ["198.51.100.77"], TRUSTED) == "198.51.100.77"
    assert remembered().misses == before
    for number in range(3000):
        client_ip(PROXY, [f"nonsense {number}"], TRUSTED)
    assert remembered().currsize == 1024


async def echo(request: web.Request) -> web.Response:
    return web.json_response(request[CALLER]._asdict())


@pytest.fixture
def app() -> web.Application:
    app = web.Application(middlewares=[request_id, client_address])
    settings = Settings(secret_key="unused", trusted_proxies=("127.0.0.1",))
    app[SERVICES] = assemble(settings)
    app.router.add_get("/", echo)
    return app


async def test_the_caller_is_put_on_the_request(
    app: web.Application, aiohttp_client: AiohttpClient
) -> None:
    client = await aiohttp_client(app)
    headers: CIMultiDict[str] = CIMultiDict()
    headers.add("X-Forwarded-For", "203.0.113.9")
    headers.add("X-Forwarded-For", "198.51.100.7")
    headers["User-Agent"] = "curl/8"
    headers["X-Request-ID"] = "abc"

    async with client.get("/", headers=headers) as response:
        caller = await response.json()

    assert caller == {"ip": "198.51.100.7", "user_agent": "curl/8", "request_id": "abc"}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"", ""),
        (b"\xff\xfe curl", "?? curl"),
        ("Käfer 🪲".encode(), "Käfer 🪲"),
        (b"x" * 300, "x" * 255),
    ],
)
async def test_any_user_agent_can_be_stored(
    app: web.Application, aiohttp_client: AiohttpClient, sent: bytes, kept: str
) -> None:
    # No well-behaved client sends such bytes.
    client = await aiohttp_client(app)
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nUser-Agent: %b\r\n\r\n" % sent)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    caller = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert caller["user_agent"] == kept
