"""What is sent to Redis, and how often somebody waits for an answer to it."""

import pytest
from redis.asyncio.connection import AbstractConnection


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

        monkeypatch.setattr(AbstractConnection, "send_packed_command", recording)

    def about(self, word: str) -> list[bytes]:
        """Return the trips in which a word was sent."""
        return [trip for trip in self.trips if word.encode() in trip]
