"""Answers of Redis in both of its protocols, however they are cut."""

from typing import Any

import pytest

from contactsvc.platform.redis.resp import Refusal, packed, read

ANSWERS: dict[bytes, Any] = {
    b"*2\r\n$3\r\na\r\n\r\n$0\r\n\r\n": [b"a\r\n", b""],
    b"*2\r\n$-1\r\n$2\r\n$1\r\n": [None, b"$1"],
    b"*2\r\n_\r\n_\r\n": [None, None],
    b"*2\r\n*1\r\n:3\r\n:-2\r\n": [[3], -2],
    b"*0\r\n": [],
    b":10\r\n": 10,
    b"$-1\r\n": None,
    b"_\r\n": None,
    b"-NOSCRIPT No matching script.\r\n": b"NOSCRIPT No matching script.",
}


@pytest.mark.parametrize("data", ANSWERS)
def test_an_answer_may_come_in_any_pieces(data: bytes) -> None:
    for at in (0, 3):
        whole = b"x" * at + data
        cut = [read(whole[:end], at) for end in range(at, len(whole))]
        assert cut == [None] * len(data)
        assert read(whole + b"*2", at) == (ANSWERS[data], len(whole))


def test_an_error_is_told_from_a_value() -> None:
    for data, is_error in ((b"-ERR no\r\n", True), (b"$6\r\nERR no\r\n", False)):
        found = read(data, 0)
        assert found is not None
        assert isinstance(found[0], Refusal) is is_error


@pytest.mark.parametrize("data", [b">2\r\n", b"+OK\r\n", b"_x\r\n", b":x\r\n", b"$x\r\n", b"\r\n"])
def test_what_no_command_of_ours_is_answered_with_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"no answer|invalid literal"):
        read(data, 0)


def test_a_command_is_sent_as_bytes() -> None:
    sent = b"*4\r\n$3\r\nSET\r\n$2\r\n\xc3\xa9\r\n$2\r\n\r\n\r\n$2\r\n-1\r\n"
    assert packed(("SET", "é", b"\r\n", -1)) == sent
