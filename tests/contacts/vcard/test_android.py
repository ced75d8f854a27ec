"""What Android has no standard property for is read, written for others, and never comes back."""

from typing import Any

import pytest

from contactsvc.contacts.transfer.records import ReadContact
from contactsvc.contacts.vcard.android import MAX_READ
from contactsvc.contacts.vcard.contact import from_contact, to_read_contact
from contactsvc.contacts.vcard.writer import Version, write_card
from tests.support.cards import FIXTURES, read_one

ITEM = "X-ANDROID-CUSTOM:vnd.android.cursor.item/"


def contact(*lines: str, version: str = "3.0") -> ReadContact:
    file = "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD"])
    return to_read_contact(read_one(file.encode()))


def written(read: ReadContact, version: Version = "4.0", **changes: Any) -> list[str]:
    card = write_card(from_contact({**read.fields, **changes}, read.extra), version)
    return card.decode().replace("\r\n ", "").split("\r\n")[2:-2]


@pytest.mark.parametrize(
    ("value", "field", "said"),
    [
        ("nickname;Bob;1;;;;;;;;;;;;;", "nickname", "Bob"),
        ("nickname;Bob", "nickname", "Bob"),
        (r"nickname;B\;o\, b;0;mine;", "nickname", "B;o, b"),
        ("contact_event;2010-06-01;1;;", "dates", [("2010-06-01", "Anniversary")]),
        ("contact_event;--06-01;2;", "dates", [("--06-01", "Other")]),
        ("contact_event;20100601;0;First day;", "dates", [("2010-06-01", "First day")]),
        ("contact_event;2010-06-01;0;", "dates", [("2010-06-01", "")]),
        ("contact_event;1990-12-01;3;", "birthday", "1990-12-01"),
        ("relation;Eve;1;", "relations", [("Eve", "Assistant")]),
        ("relation;Eve;4;", "relations", [("Eve", "Domestic Partner")]),
        ("relation;Eve;14;;;;", "relations", [("Eve", "Spouse")]),
        ("relation;Eve;0;Muse;", "relations", [("Eve", "Muse")]),
    ],
)
@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_each_kind_is_read_and_the_same_after_a_round_trip(
    value: str, field: str, said: Any, version: Version
) -> None:
    read = contact("FN:Ada", ITEM + value)

    found = read.fields[field]
    assert said == (found if isinstance(found, str) else [(e["value"], e["label"]) for e in found])
    assert ITEM + value in written(read, version)
    again = to_read_contact(read_one(write_card(from_contact(read.fields, read.extra), version)))
    assert (again.fields, again.extra) == (read.fields, read.extra)


@pytest.mark.parametrize(
    "line",
    [
        *(f"{ITEM}nickname;Bob;3;", f"{ITEM}nickname;;1;", f"{ITEM}nickname"),
        *(f"{ITEM}contact_event;soon;1;", f"{ITEM}contact_event;2010-06-01;9;"),
        *(f"{ITEM}relation;Eve;15;", f"{ITEM}relation;Eve;;", f"{ITEM}relation;Eve;\u0661;"),
        *(f"{ITEM}sip_address;a;1", "X-ANDROID-CUSTOM:nickname;Bob;1", "X-ANDROID-CUSTOM:"),
        *(f"{ITEM}nickname{';' * 10_001}", f"a.{ITEM}nickname;Bob;1"),
    ],
)
def test_what_is_not_known_stays_a_line(line: str) -> None:
    read = contact("FN:Ada", line)

    assert read.fields == {"first_name": "Ada"}
    assert read.extra == [line]
    assert written(read)[-1] == line


def test_other_programs_get_the_standard_properties() -> None:
    lines = [f"{ITEM}nickname;Bob;1;", f"{ITEM}contact_event;2010-06-01;1;"]

    assert written(contact("FN:Ada", *lines))[2:] == [
        "NICKNAME:Bob",
        "ANNIVERSARY:20100601",
        *lines,
    ]


def test_a_line_goes_with_what_it_says() -> None:
    nickname, date, spouse = lines = [
        f"{ITEM}nickname;Bob;1;",
        f"{ITEM}contact_event;2010-06-01;1;",
        f"{ITEM}relation;Eve;14;",
    ]
    read = contact("FN:Ada", *lines)

    assert set(lines) & {*written(read, nickname="", dates=[])} == {spouse}
    moved = [{"value": "2011-06-01", "label": "Anniversary"}]
    assert set(lines) & {*written(read, dates=moved, relations=[])} == {nickname}
    assert date in written(read, nickname="Rob")


def test_what_the_card_says_in_both_ways_is_there_once() -> None:
    lines = ["NICKNAME:BOB", "RELATED;TYPE=spouse;VALUE=text:Eve", f"{ITEM}nickname;Bob;1;"]
    read = contact("FN:Ada", *lines, f"{ITEM}relation;Eve;14;", version="4.0")

    assert read.fields["nickname"] == "BOB"
    assert read.fields["relations"] == [{"value": "Eve", "label": "Spouse"}]


def test_a_second_nickname_stays_a_line() -> None:
    others = [f"{ITEM}nickname;Bob;1;", f"{ITEM}nickname;Rob;1;"]

    assert contact("NICKNAME:Miri", *others).extra == others
    assert contact("FN:Ada", *others).fields["nickname"] == "Bob"
    as_read = f"X-CONTACTSVC-AS-READ:{others[0]}"
    assert contact("FN:Ada", *others).extra == [as_read, others[1]]


def test_of_very_many_the_first_are_read_and_all_are_kept() -> None:
    lines = [f"{ITEM}relation;Eve {number};14;" for number in range(MAX_READ + 5)]
    read = contact("FN:Ada", *lines)

    assert len(read.fields["relations"]) == MAX_READ
    assert len(read.extra) == len(lines)


@pytest.mark.parametrize(
    ("name", "field", "said"),
    [
        ("09-android-2.1-quoted-printable.vcf", "nickname", "Ksenia"),
        ("10-android-3.0.vcf", "dates", [{"value": "2019-08-20", "label": "Anniversary"}]),
    ],
)
def test_files_of_telephones(name: str, field: str, said: Any) -> None:
    read = to_read_contact(read_one((FIXTURES / name).read_bytes()))

    assert read.fields[field] == said


def test_quoted_printable_of_2_1_is_read() -> None:
    value = "vnd.android.cursor.item/relation;=D0=97=D0=BE=D1=8F;13;"
    line = f"X-ANDROID-CUSTOM;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{value}"

    read = contact("N:A;B", line, version="2.1")

    assert read.fields["relations"] == [{"value": "Зоя", "label": "Sister"}]
