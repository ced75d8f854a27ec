"""Bodies are unpacked when a handler asks, and never to more than they may have."""

import asyncio
import gzip
import io
import random
import tracemalloc
import zlib

import pytest
from aiohttp import web

from contactsvc.contacts.schemas.limits import MAX_BYTES as LIMIT
from contactsvc.web.bodies import _CHUNK, _PIECE, MAX_MEMBERS, _decompress
from tests.conftest import Client, Person, problem

CONTACT = b'{"first_name": "Ada"}'


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def members(count: int) -> bytes:
    """Return a contact as gzip of that many members."""
    return gzip.compress(CONTACT) + gzip.compress(b" ") * (count - 1)


GOOD = {
    "gzip": ("gzip", gzip.compress(CONTACT)),
    "in capitals": ("GZIP", gzip.compress(CONTACT)),
    "many members": ("gzip", members(MAX_MEMBERS)),
    "zlib": ("deflate", zlib.compress(CONTACT)),
    "deflate alone": ("deflate", raw_deflate(CONTACT)),
    "not packed": ("identity", CONTACT),
    "of just the largest size": ("gzip", gzip.compress(CONTACT.ljust(LIMIT))),
    "not packed well": ("gzip", gzip.compress(CONTACT.ljust(LIMIT - 200), 0)),
}

BAD = {
    "cut off": ("gzip", gzip.compress(CONTACT)[:-1], 400),
    "cut off, deflate": ("deflate", zlib.compress(CONTACT)[:-1], 400),
    "with something behind": ("deflate", zlib.compress(CONTACT) + b"x", 400),
    "with garbage behind": ("gzip", gzip.compress(CONTACT) + b"garbage", 400),
    "too many members": ("gzip", members(MAX_MEMBERS + 1), 400),
    "members of nothing": ("gzip", gzip.compress(b"") * 10_000, 400),
    "another coding": ("gzip", zlib.compress(CONTACT), 400),
    "one byte too many": ("gzip", gzip.compress(CONTACT.ljust(LIMIT + 1)), 413),
    "two members too large": ("gzip", gzip.compress(CONTACT.ljust(LIMIT - 9)) * 2, 413),
    "a bomb": ("gzip", gzip.compress(bytes(10_000_000)), 413),
    "a bomb in deflate": ("deflate", raw_deflate(bytes(10_000_000)), 413),
    "Brotli": ("br", CONTACT, 415),
    "zstd": ("zstd", CONTACT, 415),
    "packed twice": ("gzip, gzip", gzip.compress(gzip.compress(CONTACT)), 415),
}
CODES = {400: "malformed_body", 413: "payload_too_large", 415: "unsupported_media_type"}


async def test_what_is_packed_well_is_read(grace: Person, subtests: pytest.Subtests) -> None:
    for name, (coding, body) in GOOD.items():
        with subtests.test(name):
            headers = {"Content-Type": "application/json", "Content-Encoding": coding}
            response = await grace.post("/api/contacts/", data=io.BytesIO(body), headers=headers)
            assert response.status == 201


async def test_what_is_not_is_refused(grace: Person, subtests: pytest.Subtests) -> None:
    for name, (coding, body, status) in BAD.items():
        with subtests.test(name):
            headers = {"Content-Type": "application/json", "Content-Encoding": coding}
            response = await grace.post("/api/contacts/", data=body, headers=headers)
            await problem(response, status, CODES[status])


async def test_two_headers_are_two_codings(client: Client) -> None:
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Encoding", "identity"),
        ("Content-Encoding", "gzip"),
    ]
    response = await client.post("/api/auth/login", data=gzip.compress(b"{}"), headers=headers)

    await problem(response, 415, "unsupported_media_type")


@pytest.mark.own_app
async def test_a_bomb_takes_no_more_memory_than_a_body_may_have() -> None:
    """One slice of it holds a thousand times as much."""
    bomb = gzip.compress(bytes(1000 * _CHUNK))
    assert len(bomb) < 2 * _CHUNK
    tracemalloc.start()
    try:
        with pytest.raises(web.HTTPRequestEntityTooLarge):
            await _decompress(bomb, "gzip", LIMIT)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 4 * LIMIT


@pytest.mark.parametrize(
    "content", [random.Random(1).randbytes(8 * _CHUNK), bytes(8 * _PIECE)], ids=["in", "out"]
)
async def test_others_have_their_turn_after_every_piece(content: bytes) -> None:
    unpacking = asyncio.create_task(_decompress(gzip.compress(content), "gzip", len(content)))
    turns = 0
    while not unpacking.done():
        await asyncio.sleep(0)
        turns += 1

    assert await unpacking == content
    assert turns > 8


@pytest.mark.slow
@pytest.mark.parametrize(
    "size", [0, 1, _PIECE - 1, _PIECE, _PIECE + 1, 3 * _PIECE, 3 * _PIECE + 200]
)
@pytest.mark.parametrize("pattern", [b"a", b"abc" * 300 + b"\n"])
async def test_all_of_it_comes_however_it_falls_into_pieces(size: int, pattern: bytes) -> None:
    content = (pattern * size)[:size]
    for coding, pack in (
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
    ):
        assert await _decompress(pack(content), coding, size) == content
