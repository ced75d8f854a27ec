"""What single lines say, in each version."""

import pytest

from contactsvc.contacts.vcard.card import Property
from contactsvc.contacts.vcard.heads import CACHED_MAX_LENGTH
from contactsvc.contacts.vcard.properties import read_property


def one(line: str, *, is_old: bool = False) -> Property | None:
    read, remark = read_property(line, is_old, line.encode())
    assert remark == ""
    return read


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("N:A;B", Property("N", parts=("A", "B", "", "", ""))),
        (r"N:A\;a;B\,b;C,D", Property("N", parts=("A;a", "B,b", "C D", "", ""))),
        (r"ADR:;;1 Rd, 5\;;X", Property("ADR", parts=("", "", "1 Rd, 5;", "X", "", "", ""))),
        ("ORG:A;;B;", Property("ORG", parts=("A", "", "B"))),
        (r"NICKNAME:A\,a, B,,", Property("NICKNAME", parts=("A,a", "B"))),
        ("EMAIL;INTERNET;HOME:a@b.example ", Property("EMAIL", "a@b.example", types=("home",))),
        ("TEL;VALUE=uri:tel:+1", Property("TEL", "tel:+1", parameters=("VALUE=uri",))),
        ("TEL;VALUE=text:+1", Property("TEL", "+1")),
        ("X-ADDRESSBOOKSERVER-KIND:Group", Property("KIND", "group")),
        ("X-ADDRESSBOOKSERVER-MEMBER:urn:x", Property("MEMBER", "urn:x")),
        ("X-MS-ANNIVERSARY:20110113", Property("ANNIVERSARY", "2011-01-13")),
        ("X-EVOLUTION-SPOUSE:Bo", Property("RELATED", "Bo", label="Spouse")),
        ("RELATED;VALUE=text;TYPE=child:Bo", Property("RELATED", "Bo", types=("child",))),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-07-14", Property("BDAY", "--07-14")),
        ("BDAY;VALUE=date-time:1984-02-29T00:00:00Z", Property("BDAY", "1984-02-29T00:00:00Z")),
        ("PHOTO:data:image/png;base64\\,QUJD", Property("PHOTO", "image/png", data=b"ABC")),
        ("PHOTO;TYPE=JPG;ENCODING=b:QUJD", Property("PHOTO", "image/jpeg", data=b"ABC")),
        ("PHOTO;image/gif;WORK;B:QUJD", Property("PHOTO", "image/gif", (), b"ABC", ("work",))),
        ("PHOTO:iVBORw0K", Property("PHOTO", "image/png", data=b"\x89PNG\r\n")),
        ("PHOTO;VALUE=uri:https://a.example/b", Property("PHOTO", "https://a.example/b")),
    ],
)  # fmt: skip
def test_a_line_is_read(line: str, read: Property) -> None:
    assert one(line) == read


@pytest.mark.parametrize(
    "line",
    ["N:;;;;", "FN: ", "EMAIL:", "ADR:;;;;;;", "ORG:;", "NICKNAME:,", "BDAY:", "PHOTO;B:", "KIND:"],
)  # fmt: skip
def test_what_says_nothing_is_none(line: str) -> None:
    assert one(line) is None


def test_a_quote_in_2_1_is_left_out_unless_another_one_closes_it() -> None:
    assert one('TEL;HO"ME:1', is_old=True) == Property("TEL", "1", types=("home",))
    assert one('URL;X="a:b;c":d', is_old=True) == Property("URL", "d", parameters=('X="a:b;c"',))


def test_2_1_has_lists_of_nothing_and_few_escapes() -> None:
    read = one(r"N:A\;a;C:\new,x", is_old=True)

    assert read == Property("N", parts=("A;a", r"C:\new,x", "", "", ""))


@pytest.mark.parametrize(
    ("line", "raw"),
    [
        ("X-A;HOME;PREF:a", "X-A;TYPE=home;PREF=1:a"),
        ("Own.x-a;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab", r"Own.x-a:a\nb"),
        ("KEY;BASE64:QUJD", "KEY;ENCODING=b:QUJD"),
        (r"X-A:C:\new\;a\,b", r"X-A:C:\\new\;a\,b"),
        ("X-A;CHARSET=utf-8;VALUE=URL;LANGUAGE=de:a", "X-A;VALUE=url;LANGUAGE=de:a"),
    ],
)
def test_what_2_1_has_unknown_is_kept_in_the_notation_of_later_versions(
    line: str, raw: str
) -> None:
    read = one(line, is_old=True)

    assert read is not None
    assert read.raw == raw


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        ("BDAY:1985", "BDAY: It names no day. Kept as it came."),
        ("ANNIVERSARY;VALUE=text:1985-01-01", "ANNIVERSARY: It names no day. Kept as it came."),
        ("PHOTO:nothing", "PHOTO: It is no picture. Kept as it came."),
        ("PHOTO;ENCODING=b:QUJDR", "PHOTO: The line is cut off. Kept as it came."),
        ("NICKNAME:" + "," * 10_000, "NICKNAME: The line has too many parts. Kept as it came."),
    ],
)
def test_what_makes_no_sense_is_kept_as_it_came(line: str, remark: str) -> None:
    read, told = read_property(line, False)

    assert told == remark
    assert read is not None
    assert read.raw == line


def test_a_quote_that_is_not_closed_is_left_out() -> None:
    read, remark = read_property('TEL;P="a:1', False)

    assert read == Property("TEL", "1", parameters=("P=a",))
    assert remark == "A quote is not closed: the line is read without it."


def test_a_character_set_counts_from_the_colon_in_bytes() -> None:
    line = 'N;X="é:";CHARSET=windows-1251:'.encode() + "Зоя".encode("cp1251")

    read, _ = read_property(line.decode("latin-1"), True, line)

    assert read is not None
    assert read.parts[0] == "Зоя"


@pytest.mark.parametrize("line", [" X-FOO:bar", "\tX-FOO:bar", "\x0b X-FOO:bar"])
def test_a_line_that_is_kept_cannot_be_taken_for_a_fold(line: str) -> None:
    read = one(line)
    assert read is not None
    assert read.raw == "X-FOO:bar"


@pytest.mark.parametrize(
    "line",
    [r"N;X-A={}:A\;a;B,b", "TEL;TYPE=cell,pref;X-A={}:+1", 'FN;X-A="{}":A', "BDAY;X-A={}:19851209"],
)
def test_a_head_says_the_same_however_long_it_is_and_whatever_stands_before(line: str) -> None:
    short, long = "a", "a" * (CACHED_MAX_LENGTH + 1)
    for old in (True, False, True):
        read = [one(line.format(each), is_old=old) for each in (short, long)]
        assert read[0] is not None
        assert read[1] is not None
        assert read[0] == one(line.format(short), is_old=old)
        assert read[1].parameters == tuple(x.replace("a", long) for x in read[0].parameters)
        assert read[1]._replace(parameters=()) == read[0]._replace(parameters=())


@pytest.mark.parametrize("line", ["VERSION:3.0", 'version;X="a:3.0', "item1.BEGIN:VCALENDAR"])
def test_what_makes_an_envelope_says_nothing(line: str) -> None:
    assert one(line) is None
