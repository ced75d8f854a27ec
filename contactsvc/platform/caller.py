"""Who is calling, for the log, throttling and the audit."""

from typing import NamedTuple


class Caller(NamedTuple):
    """Where a request came from.

    Args:
        ip: Address of the client, as far as trusted proxies tell it.
        user_agent: The client's ``User-Agent``; empty if it sent none.
        request_id: Identifies the request in logs and answers.
    """

    ip: str = ""
    user_agent: str = ""
    request_id: str = ""
