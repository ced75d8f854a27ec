"""Requests to what the containers publish."""

import http.client
import urllib.error
import urllib.request
from typing import Any, NamedTuple

import orjson

BOUNDARY = "boundary-of-the-tests"


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)


def ask(
    method: str, url: str, *, token: str = "", json: object = None, file: bytes | None = None
) -> Answer:
    """Send JSON or, as a form, a file.

    Raises:
        OSError: Nobody answers.
    """
    request = urllib.request.Request(url, method=method)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if json is not None:
        request.add_header("Content-Type", "application/json")
        request.data = orjson.dumps(json)
    if file is not None:
        request.add_header("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        request.data = form(file)
    # Never by way of a proxy: it is this machine that is asked.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as response:
            return Answer(response.status, response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read())
    except http.client.HTTPException as error:
        raise ConnectionError(url) from error


def form(file: bytes) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="me.png"\r\n\r\n'
    return head.encode() + file + f"\r\n--{BOUNDARY}--\r\n".encode()
