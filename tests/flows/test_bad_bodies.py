"""No body that cannot be read makes a route stumble, whatever it should have been."""

import gzip
import random
import zlib

import pytest

from contactsvc.routes import ROUTES
from tests.conftest import Person, pointers, problem
from tests.support.places import BODIES, OPERATIONS, filled, name_of, send
from tests.support.samples import dealt

LIMITS = {(method, path): declared.body_limit for method, path, declared in OPERATIONS}
"""The most bytes of each body; None is MAX_BODY_SIZE."""


@pytest.mark.slow
async def test_a_body_that_is_no_object_is_refused(ada: Person, subtests: pytest.Subtests) -> None:
    for place in BODIES:
        with subtests.test(name_of(place)):
            for body in (b"[]", b"[{}]", b'"text"', b"1", b"-0.5", b"true", b"null"):
                assert await pointers(await send(ada, place, body)) == {""}, body


NOT_JSON = [
    *(b"{", b"}", b"x", b"{'a': 1}", b'{"a": 1,}', b"{} {}", b'{"a"}', b"undefined", b" "),
    *(b'{"a": %s}' % value for value in (b"NaN", b"Infinity", b"-Infinity", b"01", b"0x1", b"+1")),
    *(b'{"a": "\xff"}', b'{"a": "\xed\xa0\x80"}', b'{"a": "\xc0\x80"}', b'{"a": "\n"}'),
    *('{"a": "b"}'.encode(encoding) for encoding in ("utf-16", "utf-16-le", "utf-32")),
    *(b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000),
    b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
]


@pytest.mark.slow
async def test_a_body_that_is_no_json_in_utf_8_is_refused(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for place, bodies in zip(BODIES, dealt(NOT_JSON, 6), strict=False):
        with subtests.test(name_of(place)):
            for body in bodies:
                response = await send(ada, place, body)
                assert response.status == 400, body[:40]
                await problem(response, 400, "malformed_body")


async def test_a_number_of_many_digits_is_refused(ada: Person) -> None:
    for place in BODIES:
        response = await send(ada, place, b'{"a": ' + b"1" * 5000 + b"}")
        assert response.status in (400, 422), place
        await problem(response, response.status, (await response.json(content_type=None))["code"])


async def test_a_body_that_cannot_be_unpacked_is_refused(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for encoding in ["gzip", "deflate"]:
        with subtests.test(encoding=encoding):
            packed = (
                gzip.compress(b'{"a": 1}') if encoding == "gzip" else zlib.compress(b'{"a": 1}')
            )
            for place in BODIES:
                for body in (b"garbage" * 10, packed[:8] + b"\xff" * 20):
                    response = await send(ada, place, body, Content_Encoding=encoding)
                    await problem(response, 400, "malformed_body")


async def test_a_body_that_was_cut_off_while_packed_is_refused(ada: Person) -> None:
    packed = gzip.compress(b'{"first_name": "' + random.Random(1).randbytes(500).hex().encode())

    response = await send(ada, BODIES[-1], packed[: len(packed) // 2], Content_Encoding="gzip")

    await problem(response, 400, "malformed_body")


async def test_an_unknown_packing_is_refused(ada: Person, subtests: pytest.Subtests) -> None:
    """RFC 9110, 15.5.16: 415. Where aiohttp does know it, this body is no such thing: 400."""
    for encoding in ["br", "zstd", "bogus"]:
        with subtests.test(encoding=encoding):
            for place in BODIES:
                response = await send(ada, place, b'{"unexpected": 1}', Content_Encoding=encoding)
                assert response.status in (400, 415), place
                code = "malformed_body" if response.status == 400 else "unsupported_media_type"
                await problem(response, response.status, code)


@pytest.mark.slow
async def test_a_body_that_grows_past_the_limit_is_refused(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for place in BODIES:
        with subtests.test(name_of(place)):
            limit = LIMITS[place.method, place.path] or 256 * 1024
            packed = gzip.compress(b"[" * (limit + 1))
            for body, headers in (
                (packed, {"Content_Encoding": "gzip"}),
                (b" " * (limit + 1), {}),
            ):
                response = await send(ada, place, body, **headers)
                await problem(response, 413, "payload_too_large")


async def test_json_has_no_other_character_set(grace: Person) -> None:
    """RFC 8259, 11: the parameter means nothing, so it is either ignored or refused."""
    for charset in ("bogus", "utf-16", "latin-1", '"', "rot13"):
        headers = {"Content-Type": f"application/json; charset={charset}"}
        body = '{"first_name": "Zoë"}'.encode()
        response = await grace.post("/api/contacts/", data=body, headers=headers)
        if response.status == 201:
            assert (await response.json())["first_name"] == "Zoë"
        else:
            await problem(response, 415, "unsupported_media_type")


async def test_a_refused_body_changes_nothing(ada: Person, subtests: pytest.Subtests) -> None:
    for path in [place.path for place in BODIES if place.method != "POST"]:
        with subtests.test(path=path):
            seen = path if hasattr(dict(ROUTES)[path], "get") else "/api/users/me"
            before = await (await ada.get(filled(seen))).json()
            for place in BODIES:
                if place.path == path:
                    for body in (
                        b'{"name": "x", "first_name": "x", "y": 1}',
                        b"[]",
                        b'{"name":"x"',
                    ):
                        assert (await send(ada, place, body)).status in (400, 422)

            assert await (await ada.get(filled(seen))).json() == before
