"""Lines of two cards stand beside each other without becoming one group."""

from contactsvc.contacts.vcard.extra import in_other_groups

THERE = ["X-CONTACTSVC-AS-READ:item1.ADR:;;a;;;;", "item1.X-ABADR:de", "item3.X-A:3"]


def test_another_group_of_the_same_name_gets_a_free_one() -> None:
    found = [
        "X-CONTACTSVC-AS-READ:ITEM1.ADR;X=a.b:;;b.c;;;;",
        "Item1.X-ABADR:de",
        "item2.X-A:2",
        "X-A;B=a.b:c",
    ]

    assert in_other_groups(found, THERE) == [
        "X-CONTACTSVC-AS-READ:item4.ADR;X=a.b:;;b.c;;;;",
        "item4.X-ABADR:de",
        *found[2:],
    ]


def test_the_same_group_keeps_its_name() -> None:
    found = ["item1.X-ABADR:de", "item3.X-A:3"]
    assert in_other_groups(found, THERE) == found


def test_a_group_that_has_got_another_name_before_gets_it_again() -> None:
    found = ["item3.ADR:;;b;;;;", "item3.X-ABADR:us"]
    once = in_other_groups(found, THERE)

    assert once == ["item2.ADR:;;b;;;;", "item2.X-ABADR:us"]
    assert in_other_groups(found, [*THERE, *once]) == once


def test_lines_without_groups_stay() -> None:
    assert in_other_groups(["X-A:a.b", "X-A;B=c.d:e", ""], THERE) == ["X-A:a.b", "X-A;B=c.d:e", ""]
