"""What the server turns away before the application sees it is answered in the same envelope."""

import asyncio

import pytest
from aiohttp.test_utils import TestServer

from tests.conftest import Client


async def raw(client: Client, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes that no well-behaved client would, and return status, headers and body."""
    server = client.server
    assert isinstance(server, TestServer)
    assert server.port
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(request)
    await writer.drain()
    head, _, body = (await asyncio.wait_for(reader.read(), 10)).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(status.split()[1]), headers, body


BAD_REQUESTS = {
    "a header without a colon": b"GET /livez HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n",
    "a method that is none": b"BR(EW /livez HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long query": b"GET /livez?q=" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long header": b"GET /livez HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 9000 + b"\r\n\r\n",
    "two lengths": b"POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
    b"Content-Length: 2\r\n\r\nxx",
}


@pytest.mark.parametrize("request_", BAD_REQUESTS.values(), ids=BAD_REQUESTS.keys())
async def test_what_is_hardly_http_is_answered_in_the_envelope_too(
    client: Client, request_: bytes
) -> None:
    """These never reach the application's middleware: the server itself turns them away."""
    status, headers, body = await raw(client, request_)

    assert 400 <= status < 500
    assert headers["Content-Type"].startswith("application/problem+json")
    assert headers["X-Request-ID"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Request-ID"].encode() in body
    assert b"Traceback" not in body
