"""What is sent to Redis, and how often somebody waits for an answer to it."""

import asyncio
from typing import Any

import pytest
from redis.asyncio.connection import AbstractConnection

from contactsvc.platform.redis.pipelining import _Line


class Sent:
    """Records what all clients of this process send; what was sent in one piece is one trip.

    Attributes:
        trips: What was sent, in its order: a command, or a pipeline of several.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.trips: list[bytes] = []
        send = AbstractConnection.send_packed_command

        async def recording(
            connection: AbstractConnection,
            command: bytes | str | list[bytes],
            check_health: bool = True,
        ) -> None:
            pieces = command if isinstance(command, list) else [command]
            self.trips.append(b"".join(p.encode() if isinstance(p, str) else p for p in pieces))
            await send(connection, command, check_health)

        send_on_line = _Line.send

        def recording_on_line(line: _Line, command: bytes) -> "asyncio.Future[Any]":
            self.trips.append(command)
            return send_on_line(line, command)

        monkeypatch.setattr(AbstractConnection, "send_packed_command", recording)
        monkeypatch.setattr(_Line, "send", recording_on_line)

    def about(self, word: str) -> list[bytes]:
        """Return the trips in which a word was sent."""
        return [trip for trip in self.trips if word.encode() in trip]
