import codecs
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.transfer.csv.decoding import SAMPLE_BYTES, decoded

TEXT = "Vorname;Straße\nJörg;Łódź 12\nОлена;вулиця 5 😀\n"


def in_chunks(data: bytes, size: int) -> Iterator[bytes]:
    for place in range(0, len(data), size):
        yield data[place : place + size]


def text_of(data: bytes, size: int = 7) -> str:
    return "".join(decoded(in_chunks(data, size)))


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_unicode_is_told_by_its_mark_or_its_nul_bytes(
    mark: bytes, encoding: str, size: int
) -> None:
    assert text_of(mark + TEXT.encode(encoding), size) == TEXT


def test_utf_16_without_a_mark_may_have_a_character_with_a_zero_byte_of_its_own() -> None:
    header = "Vārds,Uzvārds,Tālrunis,E-pasts\n"  # ā is U+0101, Ā U+0100
    text = header + "Āris,Bērziņš,,\n" * 3

    assert text_of(text.encode("utf-16-le")) == text


@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_what_is_not_utf_8_from_its_first_character_on_is_windows_1252(size: int) -> None:
    # In capitals and quotes this has two bytes that UTF-8 would take for one character.
    text = "Straße geschäftlich;Notizen\n" + "x" * SAMPLE_BYTES + "«CAFÉ» – 5 €\n"

    assert text_of(text.encode("cp1252"), size) == text


def test_a_file_in_cyrillic_that_is_not_utf_8_is_windows_1251() -> None:
    text = "Ім'я,Прізвище\nЮ,Лесь\n"

    assert text_of(text.encode("cp1251"), 10_000) == text


@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_a_stray_byte_in_utf_8_costs_itself_alone(size: int) -> None:
    data = "Jörg\n".encode() + b"Stra\xdfe 5 \x80\n" + "Łódź\n".encode()

    assert text_of(data, size) == "Jörg\nStraße 5 €\nŁódź\n"


def test_a_file_that_is_cut_in_mid_character_ends_there() -> None:
    assert text_of("Jörg;Łódź".encode()[:-1]).startswith("Jörg;Łód")


@pytest.mark.parametrize("begin", [b"\xfc", "ü".encode()])
def test_bytes_that_windows_1252_has_not_are_told(begin: bytes) -> None:
    undefined = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])

    assert text_of(begin + undefined) == r"ü\x81\x8d\x8f\x90\x9d"


def test_all_line_ends_are_one_wherever_the_file_is_cut() -> None:
    for size in (1, 2, 3, 100):
        assert text_of(b"a\r\nb\rc\nd\r\r\n", size) == "a\nb\nc\nd\n\n"


def test_nul_is_left_out() -> None:
    assert text_of(b"first_name,\0email\nEve,e\0@ng.example\n" + b"x" * 100) == (
        "first_name,email\nEve,e@ng.example\n" + "x" * 100
    )


def test_a_file_may_be_empty() -> None:
    assert text_of(b"") == ""
    assert "".join(decoded([])) == ""
    assert "".join(decoded([b"", codecs.BOM_UTF8, b""])) == ""


@given(st.binary(max_size=300), st.integers(1, 50))
def test_any_bytes_are_text_that_can_be_encoded(data: bytes, size: int) -> None:
    text = text_of(data, size)

    text.encode()
    assert "\r" not in text
    assert "\0" not in text


def test_a_file_is_read_only_as_far_as_its_text_is_asked_for() -> None:
    taken = 0

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * SAMPLE_BYTES

    next(decoded(chunks()))

    assert taken == 1
