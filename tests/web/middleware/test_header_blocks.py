"""Ends of header blocks are found wherever what comes in is cut."""

from hypothesis import given
from hypothesis import strategies as st

from contactsvc.web.middleware.header_blocks import END, OVERLAP, first_end, last_end

BYTES = st.lists(st.sampled_from([b"\r", b"\n", b"x", b"\r\n"]), max_size=12).map(b"".join)


@given(BYTES, BYTES)
def test_ends_are_found_across_the_cut(before: bytes, data: bytes) -> None:
    """One that ends within ``before`` is over; one that begins there and ends later is not."""
    tail, whole = before[-OVERLAP:], before + data
    ends = [
        at + len(END) - len(before)
        for at in range(len(whole))
        if whole.startswith(END, at) and at + len(END) > len(before)
    ]

    assert first_end(tail, data) == (ends[0] if ends else len(data))
    assert last_end(tail, data) == (ends[-1] if ends else len(data))
