"""The lines of a file, wherever it is cut, and in memory that stays flat."""

import tracemalloc
from collections.abc import Iterator

import pytest

from contactsvc.contacts.vcard.lines import MAX_CARD, lines

FILE = "BEGIN:VCARD\r\nFN:Зоя\r\nEND:VCARD\r\n"
LINES = ["BEGIN:VCARD", "FN:Зоя", "END:VCARD"]


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_lines_end_in_every_way_and_chunks_anywhere(ends: str, size: int) -> None:
    file = FILE.replace("\r\n", ends).encode()

    found = list(lines(file[start : start + size] for start in range(0, len(file), size)))

    assert found == [line.encode() for line in LINES]


def test_the_last_line_needs_no_end() -> None:
    assert list(lines([b"a\r\nb"])) == [b"a", b"b"]


def test_blank_lines_count() -> None:
    assert list(lines([b"a\r\n", b"\r\n\r", b"\nb\n"])) == [b"a", b"", b"", b"b"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_utf_16_is_told_with_its_mark_and_without(encoding: str, size: int) -> None:
    file = FILE.encode(encoding)

    found = list(lines(file[start : start + size] for start in range(0, len(file), size)))

    assert [(line or b"").decode().removeprefix("\ufeff") for line in found] == LINES


def test_a_file_of_few_bytes_is_no_utf_16() -> None:
    assert list(lines([b"a\0"])) == [b"a\0"]


def test_utf_16_that_is_cut_in_a_character_is_read_up_to_there() -> None:
    (line,) = lines(["BEGIN:VCARD".encode("utf-16-le") + b"\x00\xd8\x00"])

    assert line is not None
    assert line.startswith(b"BEGIN:VCARD")


@pytest.mark.own_app
def test_a_line_that_is_too_long_is_told_and_not_kept() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"before\n"
        for _ in range(8 * MAX_CARD // 65536):
            yield b"x" * 65536
        yield b"\nafter\n"

    tracemalloc.start()
    try:
        found = list(lines(chunks()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert found == [b"before", None, b"after"]
    assert peak < 4 * MAX_CARD


def test_a_chunk_of_any_size_is_read_in_pieces() -> None:
    assert sum(line == b"a" for line in lines([b"a\n" * 200_000])) == 200_000


def test_a_line_at_the_end_may_be_too_long_too() -> None:
    assert list(lines([b"a\n", b"x" * (MAX_CARD + 1)])) == [b"a", None]
