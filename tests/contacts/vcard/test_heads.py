"""Names and parameters, as every version and many a program write them."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.vcard.heads import (
    MAX_PARAMETERS,
    Head,
    decode,
    encode,
    head_length,
    read_head,
)


@pytest.mark.parametrize(
    ("line", "head"),
    [
        ("FN:a:b", "FN"),
        ('X;P="a:b";Q="c:;d":e:f', 'X;P="a:b";Q="c:;d"'),
        ('X:"a:b"', "X"),
        ('X;P="a:b', 'X;P="a'),
        ('X;P="a:b"', 'X;P="a'),
        ('X;P="a":', 'X;P="a"'),
    ],
)
def test_a_colon_in_quotes_does_not_end_the_head(line: str, head: str) -> None:
    assert line[: head_length(line)] == head


def test_a_line_without_a_colon_is_none() -> None:
    with pytest.raises(ValueError, match="no colon"):
        head_length("this line has none")


@pytest.mark.parametrize(
    "text",
    [
        "tel;type=HOME;type=fax;Type=pref",
        'TEL;TYPE="home,fax,pref"',
        "TEL;TYPE=HOME,FAX;PREF=1",
        "TEL;HOME;FAX;PREF",
        "TEL ; HOME ;TYPE=home;FAX;Pref= 1",
    ],
)
def test_every_form_of_type_is_read(text: str) -> None:
    head = read_head(text)

    assert (head.name, head.types, head.pref, head.parameters) == ("TEL", ("home", "fax"), 1, ())


def test_what_somebody_has_typed_for_a_type_is_read_as_samsung_writes_it() -> None:
    head = read_head(
        "TEL;X-Custom(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=ED=9A=8C=EC=82=AC=2C A)"
    )

    assert (head.types, head.parameters) == (("x-회사 a",), ())


def test_a_name_of_kde_is_one() -> None:
    assert read_head("X-messaging/xmpp-All").name == "X-MESSAGING/XMPP-ALL"


def test_what_is_not_understood_is_kept_as_it_stands() -> None:
    head = read_head('Item1.ADR;LABEL="a;b";pid=1.1,2.1;PREF=101;PREF=;ENCODING=x')

    assert (head.group, head.name, head.written_name) == ("item1", "ADR", "Item1.ADR")
    assert head.parameters == ('LABEL="a;b"', "pid=1.1,2.1", "PREF=101", "PREF=", "ENCODING=x")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("N;QUOTED-PRINTABLE", "Q"),
        ("N;encoding=quoted-printable", "Q"),
        ("N;BASE64", "B"),
        ("N;ENCODING=b", "B"),
        ("N;ENCODING=8BIT", ""),
    ],
)
def test_encodings_have_several_names(text: str, encoding: str) -> None:
    assert read_head(text) == Head("", "N", "N", encoding=encoding)


def test_what_changes_how_a_value_is_read_is_told_apart() -> None:
    head = read_head("BDAY;CHARSET=UTF-8;VALUE=Date;X-APPLE-OMIT-YEAR=1604")

    assert (head.charset, head.value_type, head.omitted_year) == ("utf-8", "date", "1604")


@pytest.mark.parametrize("text", ["", ";A=b", "a b", ".N", "a.b.c", "Ñ", "N" + ";A" * 101])
def test_what_has_no_name_or_far_too_much_is_no_head(text: str) -> None:
    with pytest.raises(ValueError, match="The line"):
        read_head(text)


@pytest.mark.own_app
def test_far_too_many_parameters_are_not_taken_apart() -> None:
    text = "N" + ";" * 1_000_000
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="too many parameters"):
            read_head(text)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < len(text)


def test_so_many_parameters_are_read() -> None:
    assert len(read_head("N" + ";A=b" * MAX_PARAMETERS).parameters) == MAX_PARAMETERS


def test_carets_are_read() -> None:
    assert decode("\"a^nb^'c^'^^n^x\"") == 'a\nb"c"^n^x'


ANY = st.characters(exclude_categories=["Cc", "Cs"])


@given((st.text(ANY) | st.text(st.sampled_from("^n'\";,: "))).map(str.strip))
def test_what_is_encoded_reads_as_it_was(text: str) -> None:
    assert decode(encode(text)) == text
