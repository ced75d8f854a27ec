"""What Redis answers to a pair of keys, in whatever pieces it comes, and who asks it how."""

import pytest

from contactsvc.platform.redis.connection import connect
from contactsvc.platform.redis.pipelining import PipelinedReads, _read_pair, reads_of


@pytest.mark.parametrize("null", [b"$-1\r\n", b"_\r\n"])
def test_an_answer_may_come_in_any_pieces(null: bytes) -> None:
    answers = {
        b"*2\r\n$3\r\na\r\n\r\n$0\r\n\r\n": (b"a\r\n", b""),
        b"*2\r\n" + null + b"$2\r\n$1\r\n": (None, b"$1"),
        b"*2\r\n" + null + null: (None, None),
    }
    for data, pair in answers.items():
        for at in (0, 3):
            whole = b"x" * at + data
            cut = [_read_pair(whole[:end], at) for end in range(at, len(whole))]
            assert cut == [None] * len(data)
            assert _read_pair(whole + b"*2", at) == (pair, len(whole))


@pytest.mark.parametrize(
    "data", [b"-NOAUTH Authentication required.\r\n", b">2\r\n", b"*1\r\n", b"*2\r\n:1\r\n_\r\n"]
)
def test_what_is_no_pair_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"MGET|int"):
        _read_pair(data, 0)


async def test_the_embedded_one_is_asked_by_the_library() -> None:
    redis = connect(None)
    await redis.set("a", "1")
    reads = reads_of(redis)
    reads.drop()
    assert await reads.mget("a", "b") == (b"1", None)
    assert not isinstance(reads, PipelinedReads)
