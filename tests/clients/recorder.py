"""A proxy before the service that writes down what programs and the service say to one another."""

from asyncio import Server, get_running_loop
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, hdrs, web
from multidict import CIMultiDict
from yarl import URL

from tests.clients.conversation import Exchange, Message, as_text
from tests.support.waiting import until

_CHANGES: Final = ("PUT", "DELETE", "PROPPATCH", "POST", "MKCOL", "MOVE", "COPY")

_HOP: Final = {"connection", "keep-alive", "transfer-encoding", "content-length"}
"""Headers of one connection (RFC 9110, 7.6.1), and those that follow from the body."""


@dataclass
class Recorder:
    """What was said, in order.

    Args:
        upstream: The URL of the service.
    """

    upstream: str
    exchanges: list[Exchange] = field(default_factory=list)

    def begin(self) -> None:
        """Forget what was said before."""
        self.exchanges.clear()

    def changes(self) -> list[Exchange]:
        """Return the CardDAV requests that change something."""
        return [each for each in self.exchanges if each.method in _CHANGES and each.is_carddav]

    async def said_more_than(self, count: int) -> None:
        """Wait until there are more exchanges than so many."""
        await until(lambda: len(self.exchanges) > count)

    async def pass_on(self, http: ClientSession, request: web.BaseRequest) -> web.Response:
        """Ask the service what a program asks, and write both down."""
        body = await request.read()
        headers = CIMultiDict(
            (name, value) for name, value in request.headers.items() if name.lower() not in _HOP
        )
        path = request.raw_path
        url = URL(f"{self.upstream}{path}", encoded=True)
        skip = (hdrs.ACCEPT, hdrs.ACCEPT_ENCODING, hdrs.USER_AGENT, hdrs.CONTENT_TYPE)
        async with http.request(
            request.method,
            url,
            headers=headers,
            data=body or None,
            allow_redirects=False,
            skip_auto_headers=skip,
        ) as answer:
            text = await answer.read()
            back = CIMultiDict(
                (name, value) for name, value in answer.headers.items() if name.lower() not in _HOP
            )
        self.exchanges.append(
            Exchange(
                request.method,
                path,
                Message(headers, as_text(body)),
                answer.status,
                Message(back, as_text(text)),
            )
        )
        if request.method == hdrs.METH_HEAD:
            back[hdrs.CONTENT_LENGTH] = answer.headers.get(hdrs.CONTENT_LENGTH, "0")
        return web.Response(status=answer.status, body=text or None, headers=back)


@asynccontextmanager
async def recording(upstream: str, port: int) -> AsyncIterator[Recorder]:
    """Run the proxy at a port of this machine while the block runs."""
    recorder = Recorder(upstream)
    timeout = ClientTimeout(total=None)
    async with ClientSession(
        auto_decompress=False, timeout=timeout, cookie_jar=DummyCookieJar()
    ) as http:

        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            return await recorder.pass_on(http, request)

        handler = web.Server(handle)
        server: Server = await get_running_loop().create_server(handler, "127.0.0.1", port)
        try:
            yield recorder
        finally:
            server.close()
            await handler.shutdown()
