"""An uploaded file is read out of its form, and never more of it than it may have."""

import asyncio
import gzip
import secrets
from base64 import b64encode
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import StreamReader, hdrs
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import make_mocked_request

from contactsvc.accounts.avatars.views import MAX_BYTES
from contactsvc.web import uploads
from contactsvc.web.schemas import FileBody
from contactsvc.web.uploads import MULTIPART_OVERHEAD
from tests.conftest import Person, problem
from tests.support.avatars import AVATAR, SMALL, kept, upload, uploaded
from tests.support.pictures import flag


def body(*parts: bytes, end: bytes = b"--b--\r\n") -> bytes:
    """Return a form with the boundary ``b``."""
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + end


FILE = b'Content-Disposition: form-data; name="file"; filename="x.png"\r\n\r\n' + flag()
TEXT = b'Content-Disposition: form-data; name="note"\r\n\r\nHello'
UNNAMED = b"Content-Type: image/png\r\n\r\n" + flag()
CHARSET = b'Content-Disposition: form-data; name="_charset_"\r\n\r\n'
NESTED = b"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n" + FILE + b"\r\n--c--"
HEAD = FILE.removesuffix(flag())
BASE64 = HEAD[:-2] + b"Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(flag())
LONG = b"X: " + b"x" * 9000 + b"\r\n" + FILE
FORM = "multipart/form-data; boundary=b"

BAD_FORMS: dict[str, tuple[str, bytes, int]] = {
    "no file": (FORM, body(), 422),
    "another field": (FORM, body(FILE.replace(b'"file"', b'"avatar"')), 422),
    "a field without a name": (FORM, body(UNNAMED), 422),
    "a text before the file": (FORM, body(TEXT, FILE), 422),
    "a text after the file": (FORM, body(FILE, TEXT), 422),
    "two files": (FORM, body(FILE, FILE), 422),
    "an empty file": (FORM, body(HEAD), 422),
    "a form in a form": (FORM, body(NESTED), 422),
    "base64": (FORM, body(BASE64), 422),
    "another boundary": (FORM.replace("=b", "=c"), body(FILE), 400),
    "no boundary": ("multipart/form-data", body(FILE), 400),
    "an empty boundary": ("multipart/form-data; boundary=", body(FILE), 400),
    "a long boundary": (FORM + "b" * 100, body(FILE), 400),
    "nothing at all": (FORM, b"", 400),
    "a picture and no form": (FORM, flag(), 400),
    "no end": (FORM, body(FILE, end=b""), 400),
    "cut off": (FORM, body(FILE)[:-40], 400),
    "headers without an end": (FORM, b"--b\r\n" + HEAD[:-4], 400),
    "a long header": (FORM, body(LONG), 400),
    "many headers": (FORM, body(b"X: x\r\n" * 500 + FILE), 400),
    "a broken header": (FORM, body(b"nonsense\r\n" + FILE), 400),
    "a long charset": (FORM, body(CHARSET + b"x" * 50, FILE), 400),
    "very many empty lines": (FORM, b"\n" * 900_000 + body(FILE), 400),
    "a hundred empty lines": (FORM, b"\n" * 100 + body(FILE), 400),
    "junk said to be base64": (
        FORM,
        body(BASE64[: -len(b64encode(flag()))] + b"A" + b"-" * 99),
        422,
    ),
    "JSON": ("application/json", b"{}", 415),
    "the bare picture": ("image/png", flag(), 415),
    "a form without files": ("application/x-www-form-urlencoded", b"file=x", 415),
    "a mail": ("multipart/mixed; boundary=b", body(FILE), 415),
    "no type": ("application/octet-stream", body(FILE), 415),
}


CODES = {400: "malformed_body", 415: "unsupported_media_type", 422: "validation_failed"}


async def test_bad_forms(admin: Person, folder: Path, subtests: pytest.Subtests) -> None:
    for what, (media_type, content, status) in BAD_FORMS.items():
        with subtests.test(what):
            response = await admin.patch(
                AVATAR, data=content, headers={hdrs.CONTENT_TYPE: media_type}
            )

            error = await problem(response, status, CODES[status])
            assert [each["pointer"] for each in error.get("errors", ())] == (
                ["/file"] if status == 422 else []
            )
            if "base64" in what:  # it is not even looked at
                assert "without Content-Transfer-Encoding" in error["errors"][0]["detail"]
            assert kept(folder) == []
            # The connection is good for the next one.
            assert (await admin.get("/api/users/me")).status == 200
    assert (await uploaded(admin, SMALL))["avatar_url"]


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_form_that_cannot_be_unpacked(admin: Person, folder: Path, encoding: str) -> None:
    headers = {hdrs.CONTENT_TYPE: FORM, hdrs.CONTENT_ENCODING: encoding}

    response = await admin.patch(AVATAR, data=body(FILE), headers=headers)

    await problem(response, 400, "malformed_body")
    assert kept(folder) == []


def padded(size: int) -> bytes:
    """Return a picture with something random behind it that fills it up to ``size`` bytes."""
    picture = flag()
    return picture + secrets.token_bytes(size - len(picture))


async def test_five_mebibytes_are_not_too_many(admin: Person) -> None:
    await uploaded(admin, padded(MAX_BYTES))


async def test_others_have_their_turns_while_a_file_is_read() -> None:
    arrived = StreamReader(BaseProtocol(asyncio.get_running_loop()), MAX_BYTES)
    arrived.feed_data(body(HEAD + bytes(20 * uploads._CHUNK)))
    arrived.feed_eof()
    headers = {hdrs.CONTENT_TYPE: FORM}
    request = make_mocked_request("PATCH", AVATAR, headers, payload=arrived)
    turns = 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    others = asyncio.create_task(take_turns())
    assert len(await uploads.read_file(request, "file", MAX_BYTES)) == 20 * uploads._CHUNK
    others.cancel()
    assert turns >= 20


@pytest.mark.parametrize(
    "size", [1, 2, *(uploads._CHUNK * n + d for n in (1, 3) for d in (-1, 0, 5))]
)
@pytest.mark.parametrize("headers", [b"", b"X: " + b"x" * 5000 + b"\r\n"])
async def test_a_file_is_what_the_form_has_of_it(size: int, headers: bytes) -> None:
    content = (secrets.token_bytes(19) + b"\r\n--\r\n--a") * (size // 20 + 1)
    form = body(headers + HEAD + content[:size])
    arrived = StreamReader(BaseProtocol(asyncio.get_running_loop()), MAX_BYTES)
    arrived.feed_data(form)
    arrived.feed_eof()
    request = make_mocked_request("POST", "/", {hdrs.CONTENT_TYPE: FORM}, payload=arrived)
    with await uploads.spool_file(
        request, FileBody("text/csv", "", field="file"), size, 60
    ) as file:
        assert file.read() == content[:size]


async def test_more_is_too_large(admin: Person, folder: Path) -> None:
    """By how little; of much more not even the end is waited for, as test_limits shows."""
    await problem(await upload(admin, padded(MAX_BYTES + 1)), 413, "payload_too_large")
    assert kept(folder) == []


async def test_bytes_that_do_not_announce_themselves_are_counted(
    admin: Person, folder: Path
) -> None:
    content = body(HEAD + padded(MAX_BYTES + 1))

    async def chunks() -> AsyncIterator[bytes]:
        for begin in range(0, len(content), 100_000):
            yield content[begin : begin + 100_000]

    response = await admin.patch(AVATAR, data=chunks(), headers={hdrs.CONTENT_TYPE: FORM})

    await problem(response, 413, "payload_too_large")
    assert kept(folder) == []


async def test_what_follows_a_form_is_counted_too(admin: Person, folder: Path) -> None:
    """A small picture, and behind the form more than anybody may send: none of it is kept."""
    packed = gzip.compress(body(FILE) + bytes(MAX_BYTES + MULTIPART_OVERHEAD))
    headers = {hdrs.CONTENT_TYPE: FORM, hdrs.CONTENT_ENCODING: "gzip"}

    response = await admin.patch(AVATAR, data=packed, headers=headers)

    await problem(response, 413, "payload_too_large")
    assert kept(folder) == []


async def test_packed_bytes_are_counted_as_they_unpack(admin: Person, folder: Path) -> None:
    """Ten megabytes of nothing are ten kilobytes on the way."""
    content = body(HEAD + bytes(10_000_000))
    headers = {hdrs.CONTENT_TYPE: FORM}

    response = await admin.patch(AVATAR, data=BytesIO(content), headers=headers, compress="gzip")

    await problem(response, 413, "payload_too_large")
    assert kept(folder) == []


async def test_a_file_that_never_comes_is_not_waited_for(
    admin: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "TIMEOUT", 0.1)

    async def chunks() -> AsyncIterator[bytes]:
        yield b"--b\r\n" + HEAD
        await asyncio.Event().wait()

    response = await admin.patch(AVATAR, data=chunks(), headers={hdrs.CONTENT_TYPE: FORM})

    error = await problem(response, 400, "malformed_body")
    assert error["detail"] == "The body did not come in time."
    assert kept(folder) == []
