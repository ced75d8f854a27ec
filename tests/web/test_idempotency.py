"""What a request with a key asks for, told from another one."""

from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO, cast

import pytest
from aiohttp.test_utils import make_mocked_request

from contactsvc.web.idempotency import digest_of, fingerprint


def asked(
    path: str, method: str = "POST", content_type: str = "text/csv", digest: str = "d"
) -> str:
    headers = {"Content-Type": content_type}
    return fingerprint(make_mocked_request(method, path, headers=headers), digest)


ORIGINAL = asked("/api/contacts/import?tag=a")


@pytest.mark.parametrize(
    "other",
    [
        asked("/api/contacts/import?tag=b"),
        asked("/api/contacts/import"),
        asked("/api/contacts?tag=a"),
        asked("/api/contacts/import?tag=a", "PUT"),
        asked("/api/contacts/import?tag=a", content_type="text/vcard"),
        asked("/api/contacts/import?tag=a", digest="e"),
    ],
)
def test_another_request_has_another_fingerprint(other: str) -> None:
    assert other != ORIGINAL


@pytest.mark.parametrize("content_type", ["text/csv; charset=utf-8", "TEXT/CSV; boundary=x"])
def test_the_slash_at_the_end_and_parameters_do_not_count(content_type: str) -> None:
    assert asked("/api/contacts/import/?tag=a", content_type=content_type) == ORIGINAL


@pytest.mark.parametrize("size", [0, 7, 3 * 1024 * 1024])
async def test_the_digest_of_a_body_and_of_a_file_is_the_same(size: int) -> None:
    body = b"x" * size
    with SpooledTemporaryFile(max_size=1024) as spooled:
        file = cast(IO[bytes], spooled)
        file.write(body)
        file.seek(0)
        digests = await digest_of(body), await digest_of(file)
        assert file.read() == body
    assert digests == (sha256(body).hexdigest(),) * 2
