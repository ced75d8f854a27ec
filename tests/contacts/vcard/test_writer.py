"""Cards as they are written, to the byte, and that they are read as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.vcard.card import Card, Property
from contactsvc.contacts.vcard.writer import MAX_OCTETS, Lines, Version, folded, write_card
from tests.support.cards import EXPECTED, FIXTURES, PROPERTIES, TEXTS, read_one

CARD = Card(
    "4.0",
    [
        Property("UID", "urn:uuid:1"),
        Property("FN", "Зоя, d'Or"),
        Property("N", parts=("d'Or", "Зоя", "", "Dr.", "")),
        Property("NICKNAME", parts=("Zo", "a,b")),
        Property("ORG", parts=("Birch; Loom", "Design")),
        Property("EMAIL", "a@b.example", types=("home",), pref=1),
        Property("EMAIL", "c@d.example", label="Chess, club"),
        Property("TEL", "tel:+1;ext=5", types=("voice", 'x"y'), pref=50, parameters=("VALUE=uri",)),
        Property("ADR", parts=("", "", "1 Rd\n2nd", "X", "", "", ""), types=("work",), group="g"),
        Property("X-ABADR", "de", group="g", raw="g.X-ABADR:de"),
        Property("URL", "https://a.example/?b;c,d", label="HomePage"),
        Property("BDAY", "--02-29"),
        Property("ANNIVERSARY", "2010-06-12"),
        Property("RELATED", "Bo", label="Spouse"),
        Property("RELATED", "urn:uuid:2", types=("friend",)),
        Property("KIND", "group"),
        Property("MEMBER", "urn:uuid:3"),
        Property("PHOTO", "image/png", data=b"\x89PNG\r\n"),
        Property("X-LOWER", "case", raw="x-lower;A=b:case"),
    ],
)

IN_3_0 = r"""BEGIN:VCARD
VERSION:3.0
UID:urn:uuid:1
FN:Зоя\, d'Or
N:d'Or;Зоя;;Dr.;
NICKNAME:Zo,a\,b
ORG:Birch\; Loom;Design
EMAIL;TYPE=HOME;TYPE=PREF:a@b.example
item1.EMAIL:c@d.example
item1.X-ABLabel:Chess\, club
TEL;TYPE=VOICE;TYPE=X^'Y;PREF=50;VALUE=uri:tel:+1;ext=5
g.ADR;TYPE=WORK:;;1 Rd\n2nd;X;;;
g.X-ABADR:de
item2.URL:https://a.example/?b;c,d
item2.X-ABLabel:_$!<HomePage>!$_
BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29
item3.X-ABDATE:2010-06-12
item3.X-ABLabel:_$!<Anniversary>!$_
item4.X-ABRELATEDNAMES:Bo
item4.X-ABLabel:_$!<Spouse>!$_
item5.X-ABRELATEDNAMES:urn:uuid:2
item5.X-ABLabel:_$!<Friend>!$_
X-ADDRESSBOOKSERVER-KIND:group
X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:3
PHOTO;ENCODING=b;TYPE=PNG:iVBORw0K
x-lower;A=b:case
END:VCARD
"""

IN_4_0 = r"""BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:1
FN:Зоя\, d'Or
N:d'Or;Зоя;;Dr.;
NICKNAME:Zo,a\,b
ORG:Birch\; Loom;Design
EMAIL;TYPE=home;PREF=1:a@b.example
item1.EMAIL:c@d.example
item1.X-ABLabel:Chess\, club
TEL;TYPE=voice;TYPE=x^'y;PREF=50;VALUE=uri:tel:+1;ext=5
g.ADR;TYPE=work:;;1 Rd\n2nd;X;;;
g.X-ABADR:de
item2.URL:https://a.example/?b;c,d
item2.X-ABLabel:_$!<HomePage>!$_
BDAY:--0229
ANNIVERSARY:20100612
item3.RELATED;VALUE=text;TYPE=spouse:Bo
item3.X-ABLabel:_$!<Spouse>!$_
RELATED;TYPE=friend:urn:uuid:2
KIND:group
MEMBER:urn:uuid:3
PHOTO:data:image/png;base64,iVBORw0K
x-lower;A=b:case
END:VCARD
"""


@pytest.mark.parametrize(("version", "written"), [("3.0", IN_3_0), ("4.0", IN_4_0)])
def test_a_card_is_written(version: Version, written: str) -> None:
    assert write_card(CARD, version).decode() == written.replace("\n", "\r\n")


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.0", "4.0"])
@given(st.lists(PROPERTIES, max_size=8))
def test_what_is_written_reads_as_it_was(version: Version, properties: list[Property]) -> None:
    read = read_one(write_card(Card(version, properties), version))

    assert (read.version, list(read.properties)) == (version, properties)


@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - {"25-one-broken-of-three.vcf"}))
def test_a_file_is_written_in_4_0_as_it_was_read(name: str) -> None:
    card = read_one((FIXTURES / name).read_bytes())

    assert read_one(write_card(card, "4.0")).properties == card.properties


@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - {"25-one-broken-of-three.vcf"}))
def test_a_file_is_written_in_3_0_with_all_that_it_had(name: str) -> None:
    read = read_one((FIXTURES / name).read_bytes()).properties
    names = {"ANNIVERSARY": ("X-ABDATE", "Anniversary"), "RELATED": ("RELATED", "Spouse")}

    again = read_one(write_card(Card("4.0", read), "3.0")).properties

    for each, was in zip(again, read, strict=True):
        if was.name in names and not was.label:
            name_in_3_0, label = names[was.name]
            was = was._replace(name=name_in_3_0, label=label, types=())
        assert each == was


def test_a_name_is_demanded() -> None:
    assert write_card(Card("3.0", []), "3.0").split(b"\r\n")[2:4] == [b"FN:", b"N:;;;;"]
    assert write_card(Card("4.0", []), "4.0").split(b"\r\n")[2:4] == [b"FN:", b"END:VCARD"]


@given(TEXTS | st.text(st.sampled_from("aé日😀"), max_size=400))
def test_folds_cut_no_character(text: str) -> None:
    line = text.replace("\n", "")

    lines = folded(line).split(b"\r\n")

    assert lines.pop() == b""
    assert all(len(each) <= MAX_OCTETS and each.decode() for each in lines if line)
    assert all(each.startswith(b" ") for each in lines[1:])
    assert b"".join([lines[0], *(each[1:] for each in lines[1:])]).decode() == line


def test_a_time_is_written_as_it_stands() -> None:
    card = Card("4.0", [Property("BDAY", "19531015T231000Z")])

    assert b"BDAY;VALUE=date-time:19531015T231000Z\r\n" in write_card(card, "3.0")
    assert b"BDAY:19531015T231000Z\r\n" in write_card(card, "4.0")


def test_a_line_ends_where_it_should() -> None:
    raw = Property("X-A", raw="X-A:a\r\nEND:VCARD\0")

    assert b"X-A:a\\nEND:VCARD\r\n" in write_card(Card("4.0", [raw]), "4.0")


def test_two_of_a_group_share_a_label_or_have_groups_of_their_own() -> None:
    lines = Lines("4.0", ["item1"])
    first = Property("TEL", "1", label="Van", group="a")

    written = lines.of([first, first._replace(value="2"), first._replace(label="Boat")])

    assert written == [
        "a.TEL:1",
        "a.X-ABLabel:Van",
        "a.TEL:2",
        "item2.TEL:1",
        "item2.X-ABLabel:Boat",
    ]
