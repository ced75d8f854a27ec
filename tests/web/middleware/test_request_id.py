"""Every request has a name, by which its answer and its log lines can be told."""

import io
import json
import re
from collections.abc import Iterator

import pytest

from tests.conftest import Client
from tests.support.log_lines import log_lines


@pytest.mark.parametrize("given", ["x", "A-z_0.9", "x" * 128])
@pytest.mark.parametrize("path", ["/livez", "/api/users/me", "/nothing"])
async def test_a_harmless_request_id_is_kept(client: Client, path: str, given: str) -> None:
    response = await client.get(path, headers={"X-Request-ID": given})

    assert response.headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a/b", "<x>", "é", "x\ty", "١"])
async def test_any_other_request_id_is_replaced(client: Client, given: str) -> None:
    made = set()
    for path in ("/livez", "/nothing"):
        response = await client.get(path, headers={"X-Request-ID": given})
        made.add(response.headers["X-Request-ID"])

    assert len(made) == 2
    assert given not in made
    assert all(re.fullmatch("[A-Za-z0-9._-]{1,128}", name) for name in made)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where log lines go as programs read them."""
    with log_lines("json") as stream:
        yield stream


async def test_what_a_handler_logs_tells_the_request(broken: Client, stream: io.StringIO) -> None:
    names = [f"request-{number}" for number in range(3)]
    for name in names:
        await broken.get("/broken", headers={"X-Request-ID": name})

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    failures = [line for line in lines if line["logger"] == "contactsvc.web.middleware.errors"]
    assert [line["request_id"] for line in failures] == names
