"""What a card says of a contact, and that nothing of it is lost on the way back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.transfer.records import ReadContact
from contactsvc.contacts.vcard import android
from contactsvc.contacts.vcard.card import Card, Property
from contactsvc.contacts.vcard.contact import from_contact, to_read_contact
from contactsvc.contacts.vcard.extra import AS_READ
from contactsvc.contacts.vcard.writer import Version, write_card
from tests.support.cards import DAYS, EXPECTED, FIXTURES, PROPERTIES, WORDS, read_one

FILES = sorted(EXPECTED.keys() - {"25-one-broken-of-three.vcf"})


def contact(*lines: str) -> ReadContact:
    file = "\r\n".join(["BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD"])
    return to_read_contact(read_one(file.encode()))


def written(fields: dict[str, Any], extra: Any = (), version: Version = "4.0") -> list[str]:
    card = write_card(from_contact(fields, extra), version).decode()
    return card.replace("\r\n ", "").split("\r\n")[2:-2]


@pytest.mark.parametrize("name", FILES)
def test_a_card_comes_back_with_all_that_it_had(name: str) -> None:
    card = read_one((FIXTURES / name).read_bytes())
    read = to_read_contact(card)

    back = from_contact(read.fields, read.extra, read.photo)

    said = {
        Property("RELATED", each.value, label=each.types[0].capitalize())
        if each.name == "RELATED" and each.types
        else each
        for each in card.properties
    }
    meant = {android.meaning(each) for each in said if each.name == android.NAME}
    assert said - set(back.properties) == set()
    assert {each.name for each in set(back.properties) - said} <= {
        "FN",
        *(each.name for each in meant if each),
    }


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@pytest.mark.parametrize("name", FILES)
def test_a_contact_is_the_same_after_a_round_trip(name: str, version: Version) -> None:
    read = to_read_contact(read_one((FIXTURES / name).read_bytes()))
    card = from_contact(read.fields, read.extra, read.photo)

    again = to_read_contact(read_one(write_card(card, version)))

    assert again.fields == read.fields
    assert again.photo == read.photo
    assert sorted(again.extra) == sorted(read.extra)


@given(st.lists(PROPERTIES, max_size=10))
@pytest.mark.slow
def test_any_card_is_the_same_contact_after_a_round_trip(properties: list[Property]) -> None:
    read = to_read_contact(Card("4.0", properties))
    card = from_contact(read.fields, read.extra, read.photo)

    again = to_read_contact(read_one(write_card(card, "4.0")))

    assert again.fields == read.fields
    assert again.photo == read.photo


ENTRY = st.fixed_dictionaries(
    {
        "value": WORDS,
        "type": st.sampled_from([None, "home", "work", "other"]),
        "label": st.just("") | WORDS.filter(lambda label: "$" not in label),
    }
)
NAMED = st.fixed_dictionaries(
    {"value": WORDS, "label": st.just("") | WORDS.filter(lambda label: "$" not in label)}
)
CONTACTS = st.fixed_dictionaries(
    {"uid": WORDS, "last_name": WORDS},
    optional={
        **dict.fromkeys(("first_name", "middle_name", "prefix", "suffix", "nickname"), WORDS),
        **dict.fromkeys(("organization", "department", "title", "notes"), WORDS),
        "birthday": DAYS,
        "favorite": st.just(True),
        "tags": st.lists(WORDS, min_size=1, unique=True),
        "emails": st.lists(ENTRY, min_size=1, max_size=3),
        "phones": st.lists(ENTRY, min_size=1, max_size=3),
        "urls": st.lists(ENTRY, min_size=1, max_size=3),
        "relations": st.lists(NAMED, min_size=1, max_size=3),
        "custom": st.lists(NAMED, min_size=1, max_size=3),
    },
)


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.0", "4.0"])
@given(fields=CONTACTS)
def test_any_contact_is_the_same_as_a_card(version: Version, fields: dict[str, Any]) -> None:
    read = to_read_contact(read_one(write_card(from_contact(fields), version)))

    assert read.fields == fields
    assert read.extra == []


def test_the_preferred_comes_first() -> None:
    read = contact("TEL:1", "TEL;PREF=50:2", "TEL;TYPE=pref:3")

    assert [entry["value"] for entry in read.fields["phones"]] == ["3", "2", "1"]


def test_another_order_of_a_list_counts() -> None:
    read = contact("TEL;PREF=2:2", "TEL;PREF=1;TYPE=home,voice:1")
    phones = read.fields["phones"][::-1]

    assert written({"phones": phones}, read.extra)[1:] == [
        "TEL:2",
        "TEL;TYPE=home;TYPE=voice:1",
    ]


LINES = [
    "FN:Zo. Vogel",
    "N;LANGUAGE=de:Vogel;Zoe;;;",
    "TITLE;LANGUAGE=de:Leiterin",
    "TITLE:Poet",
    "NOTE:a",
    "NOTE:b",
    "a.TEL;TYPE=home;TYPE=voice:1",
    "a.X-FOO:of the phone",
    "X-BAR:b",
]


def test_what_nobody_touched_goes_out_as_it_came() -> None:
    read = contact(*LINES)

    assert sorted(written(dict(read.fields), read.extra)) == sorted(LINES)


def test_what_changed_is_written_anew_and_the_rest_as_it_came() -> None:
    read = contact(*LINES)
    changed = {
        "last_name": "Falke",
        "first_name": "Zoe",
        "title": "Chefin",
        "notes": "c",
        "phones": [{"value": "1", "type": "work", "label": ""}],
    }

    assert sorted(written(changed, read.extra)) == sorted(
        [
            "FN:Zoe Falke",
            "N:Falke;Zoe;;;",
            "TITLE:Chefin",
            "TITLE:Poet",
            "NOTE:c",
            "a.TEL;TYPE=work:1",
            "a.X-FOO:of the phone",
            "X-BAR:b",
        ]
    )


def test_what_was_removed_is_gone_with_all_that_was_read_of_it() -> None:
    read = contact("FN:A", "TEL;TYPE=home;TYPE=voice:1", "NICKNAME:B,C", "X-BAR:b")

    assert written({"first_name": "A"}, read.extra) == ["N:;A;;;", "FN:A", "X-BAR:b"]


def test_a_birthday_that_is_none_gives_way() -> None:
    read = contact("FN:A", "BDAY:1985")

    assert read.extra == ["BDAY:1985"]
    assert "BDAY:1985" in written({"first_name": "A"}, read.extra)
    assert "BDAY:1985" not in written({"birthday": "1985-01-01"}, read.extra)


@pytest.mark.parametrize("line", ["X-ABShowAs:COMPANY", "KIND:org"])
def test_a_company_has_its_name_as_its_organization(line: str) -> None:
    read = contact("FN: Harbour Bakery", line)

    assert read.fields == {"organization": "Harbour Bakery"}
    assert read.extra == [f"{AS_READ}:FN: Harbour Bakery", line]
    assert contact("FN:Harbour Bakery", line).extra == [line]


def test_of_several_anniversaries_one_is_called_so_in_4_0() -> None:
    dates = [{"value": day, "label": "Anniversary"} for day in ("2010-06-12", "--01-01")]

    assert written({"dates": dates})[1:] == [
        "ANNIVERSARY:20100612",
        "item1.X-ABDATE:--0101",
        "item1.X-ABLabel:_$!<Anniversary>!$_",
    ]


def test_a_second_photo_is_kept_as_a_line() -> None:
    read = contact("PHOTO:data:image/png;base64,QUJD", "PHOTO:data:image/png;base64,REVG")

    assert (read.photo, read.extra) == (b"ABC", ["PHOTO:data:image/png;base64,REVG"])


def test_a_name_that_would_be_folded_is_none() -> None:
    """Written behind the photo, its first line would be the rest of the photo."""
    photo = "PHOTO;ENCODING=b:QUJDR"
    read = contact("FN:A", photo, f"{'h' * 64}:x", f"{'h' * 65}:x")

    assert read.extra == [photo, f"{'h' * 64}:x"]
    assert [remark.line for remark in read.remarks] == [4, 6]
    assert written({}, read.extra)[1:] == read.extra


def test_remarks_are_passed_on() -> None:
    read = contact("FN:A", "no colon")

    assert [remark.line for remark in read.remarks] == [4]


def test_lines_that_are_none_are_left_out() -> None:
    assert written({}, [f"{AS_READ}:TEL;HOME:1", f"{AS_READ}:", "nothing", ""]) == ["FN:"]
