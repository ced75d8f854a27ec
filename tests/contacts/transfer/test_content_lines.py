"""What has no field is kept in one line each, within bounds."""

from contactsvc.contacts.transfer.content_lines import MAX_EXTRA, own_line, within_bounds


def test_an_own_line_names_its_field_and_has_no_line_ends() -> None:
    line = own_line("po_box", "a\\b;c,d\r\ne\rf\ng\0\udc80", "Main")

    assert line == "X-CONTACTSVC-PO-BOX:Main: a\\\\b\\;c\\,d\\ne\\nf\\ng \ufffd"


def test_lines_are_kept_while_there_is_room() -> None:
    half, rest = "a" * (MAX_EXTRA // 2), "b" * (MAX_EXTRA // 2 - 2)

    assert within_bounds([half, half, rest, "c"]) == ([half, rest], 2)
