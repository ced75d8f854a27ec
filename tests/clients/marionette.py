"""Runs scripts inside Thunderbird, by Mozilla's protocol Marionette (version 3)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.support.waiting import PATIENCE

_SCRIPT = """
const [args, done] = [[...arguments].slice(0, -1), arguments[arguments.length - 1]];
(async () => { %s })().then(
  value => done({ value: value === undefined ? null : value }),
  error => done({ error: `${error}\\n${error && error.stack}` }),
);
"""


class ScriptFailed(Exception):
    """A script inside Thunderbird threw."""


class Marionette:
    """A session in the context of the program itself, not of a page."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._last = 0

    async def run(self, script: str, *args: object) -> Any:
        """Run the body of an async function, with ``args``, and return what it returns.

        Raises:
            ScriptFailed: It threw.
        """
        answer = await self.command(
            "WebDriver:ExecuteAsyncScript",
            {
                "script": _SCRIPT % script,
                "args": list(args),
                "scriptTimeout": PATIENCE * 1000,
                "sandbox": "system",
                "newSandbox": True,
            },
        )
        result = answer["value"]
        if "error" in result:
            raise ScriptFailed(result["error"])
        return result["value"]

    async def command(self, name: str, parameters: dict[str, Any]) -> Any:
        """Send a command and return its result.

        Raises:
            ScriptFailed: Thunderbird answers that it could not.
        """
        self._last += 1
        message = json.dumps([0, self._last, name, parameters]).encode()
        self._writer.write(b"%d:%b" % (len(message), message))
        await self._writer.drain()
        _, number, error, result = await self.receive()
        assert number == self._last
        if error:
            raise ScriptFailed(error)
        return result

    async def receive(self) -> Any:
        """Return the next message: its length in digits, a colon, and JSON."""
        async with asyncio.timeout(2 * PATIENCE):
            length = await self._reader.readuntil(b":")
            return json.loads(await self._reader.readexactly(int(length[:-1])))


@asynccontextmanager
async def session(port: int) -> AsyncIterator[Marionette]:
    """Connect, and run scripts with all that the program may do while the block runs."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    marionette = Marionette(reader, writer)
    await marionette.receive()  # who they are
    await marionette.command("WebDriver:NewSession", {"strictFileInteractability": True})
    await marionette.command("Marionette:SetContext", {"value": "chrome"})
    try:
        yield marionette
    finally:
        writer.close()
