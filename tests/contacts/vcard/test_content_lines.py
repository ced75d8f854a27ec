"""Folds are taken out of bytes, as each version has made them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.vcard import content_lines as room
from contactsvc.contacts.vcard.content_lines import (
    MAX_CONTENT_LINES,
    TooManyLines,
    content_lines,
    plain_texts,
    version_of,
)
from contactsvc.contacts.vcard.envelopes import Envelope
from contactsvc.contacts.vcard.heads import Head, read_head


def unfolded(*lines: bytes, is_old: bool = False) -> list[bytes]:
    return [line for _, line in content_lines(Envelope(1, list(lines)), is_old=is_old)]


@pytest.mark.parametrize(
    ("lines", "version"),
    [
        ([b"VERSION:2.1"], "2.1"),
        ([b"N:A", b"version: 4.0 "], "4.0"),
        ([b"VERSION:5.0"], "3.0"),
        ([b"VERSION:\xff"], "3.0"),
        ([b"N:A"], "3.0"),
    ],
)
def test_a_card_tells_its_version(lines: list[bytes], version: str) -> None:
    assert version_of(Envelope(1, lines)) == version


def test_a_fold_goes_with_one_white_space() -> None:
    folded = (b"NOTE:a", b" b", b"\tc", b"  d", b"FN:x")

    assert unfolded(*folded) == [b"NOTE:abc d", b"FN:x"]
    assert plain_texts(Envelope(1, list(folded)), is_old=False) == ["NOTE:abc d", "FN:x"]


def test_up_to_2_1_the_white_space_is_part_of_the_line() -> None:
    folded = (b"NOTE:a", b" b")

    assert unfolded(*folded, is_old=True) == [b"NOTE:a b"]
    assert plain_texts(Envelope(1, list(folded)), is_old=True) == ["NOTE:a b"]


def test_a_fold_may_stand_inside_of_a_character() -> None:
    folded = ("FN:Зоя".encode()[:4], b" " + "FN:Зоя".encode()[4:])

    assert unfolded(*folded) == ["FN:Зоя".encode()]
    assert plain_texts(Envelope(1, list(folded)), is_old=False) == ["FN:Зоя"]


def test_quoted_printable_goes_on_after_its_last_sign() -> None:
    lines = (b"NOTE;ENCODING=QUOTED-PRINTABLE:a=", b" b=3D=", b"c:d", b"TEL:1=", b"FN:x")

    assert unfolded(*lines, is_old=True) == [
        b"NOTE;ENCODING=QUOTED-PRINTABLE:a b=3Dc:d",
        b"TEL:1=",
        b"FN:x",
    ]
    assert plain_texts(Envelope(1, list(lines)), is_old=True) is None


def test_base64_may_begin_on_the_next_line_and_go_on_without_white_space() -> None:
    lines = (b"PHOTO;BASE64:", b"QUJD", b"", b"REVG", b"", b"FN:x", b"no colon")

    assert unfolded(*lines, is_old=True) == [b"PHOTO;BASE64:QUJDREVG", b"FN:x", b"no colon"]
    assert plain_texts(Envelope(1, list(lines)), is_old=True) is None


def test_base64_that_goes_on_without_white_space_may_be_folded() -> None:
    lines = (b"PHOTO;ENCODING=b:QUJD", b"REVG", b" :", b"FN:x")

    assert unfolded(*lines) == [b"PHOTO;ENCODING=b:QUJDREVG:", b"FN:x"]
    assert plain_texts(Envelope(1, list(lines)), is_old=False) is None


def test_a_card_inside_is_the_value_of_the_line_before_it() -> None:
    inside = (b"AGENT:", b"BEGIN:VCARD", b"AGENT:", b"BEGIN:VCARD", b"END:VCARD", b"END:VCARD")

    assert unfolded(b"FN:x", *inside, b"TEL:1") == [
        b"FN:x",
        b"AGENT:BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nEND:VCARD\nEND:VCARD",
        b"TEL:1",
    ]


def test_lines_are_numbered_where_they_begin() -> None:
    envelope = Envelope(10, [b"", b"NOTE:a", b" b", b"", b"FN:x"])

    assert content_lines(envelope, is_old=False) == [(12, b"NOTE:ab"), (15, b"FN:x")]


PIECES = [
    b"A:1",
    b" b",
    b"\t",
    b" ",
    b"",
    b"\x0b",
    b"=",
    b"c",
    b"\xa0",
    b"\xc2\xa0",
    b" :",
    b"P;ENCODING=b:",
    b'B;X="y":\t=',
]


@pytest.mark.parametrize("is_old", [True, False])
@given(lines=st.lists(st.sampled_from(PIECES)))
def test_both_ways_find_the_same(is_old: bool, lines: list[bytes]) -> None:
    envelope = Envelope(1, lines)

    texts = plain_texts(envelope, is_old=is_old)

    if texts is not None:
        assert texts == [line.decode() for _, line in content_lines(envelope, is_old=is_old)]


def test_more_lines_than_that_are_refused() -> None:
    envelope = Envelope(1, [b"A:"] * (MAX_CONTENT_LINES + 1))

    with pytest.raises(TooManyLines):
        content_lines(envelope, is_old=False)
    with pytest.raises(TooManyLines):
        plain_texts(envelope, is_old=False)


def test_a_head_that_makes_no_sense_is_not_read_with_each_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []

    def counted(text: str) -> Head:
        read.append(text)
        return read_head(text)

    monkeypatch.setattr(room, "read_head", counted)

    assert unfolded(b'"x;a:=', *[b" ="] * 1000) == [b'"x;a:' + b"=" * 1001]
    assert len(read) < 30

    long = b"X;A=" + b"a" * 1_000_000 + b":="
    assert unfolded(long, *[b" ="] * 1000) == [long + b"=" * 1000]
    assert max(map(len, read)) < 30_000
