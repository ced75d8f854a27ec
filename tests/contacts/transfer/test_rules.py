"""What a file says is made to keep the rules of the schemas, and nothing of it is lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.details import LISTS
from contactsvc.contacts.rows import DEFAULTS
from contactsvc.contacts.schemas.bodies import ContactSchema
from contactsvc.contacts.transfer.content_lines import MAX_EXTRA
from contactsvc.contacts.transfer.records import ReadContact, Remark, Unreadable
from contactsvc.contacts.transfer.rules import MAX_LISTED, FittedContact, fitted

PARTS = ("street", "extended", "po_box", "city", "region", "postal_code", "country")
ENTRY = {"type": None, "label": ""}


def fit(**fields: Any) -> FittedContact:
    contact = fitted(ReadContact(7, fields))
    assert isinstance(contact, FittedContact)
    return contact


def said(contact: FittedContact) -> dict[str, str]:
    return {remark.pointer: remark.detail for remark in contact.remarks}


_ODD_CHARACTERS = (
    *("\0", "\t", "\r\n", "\u2028", "\x85", "\ud800", "\u200b", "\u0301", "é", "e\u0301"),
    *("\u2800", "\ufdd0", " ", "٣"),
)
_USUAL = ("A" * 90, "x@example.com", "+44 20 7946 0958", "1815-12-10", "--02-29")
_ODD = st.sampled_from([*_ODD_CHARACTERS, *_USUAL])
_texts = st.lists(st.one_of(_ODD, st.text(max_size=20)), max_size=6).map("".join)
_long = st.builds(lambda text, times: text * times, _texts, st.sampled_from([1, 1, 1, 30, 300]))
_kinds = st.one_of(st.none(), st.sampled_from(["home", "work", "mobile", "fax", "xyz"]), _texts)


def _entries(*names: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    keys: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(names, _long)
    optional = {"type": _kinds, "label": _long}
    return st.lists(st.fixed_dictionaries(keys, optional=optional), max_size=25)


_contacts = st.fixed_dictionaries(
    {},
    optional={
        **{name: _long for name in DEFAULTS if name not in (*LISTS, "tags", "favorite")},
        **{name: _entries("value") for name in LISTS if name != "addresses"},
        "addresses": _entries(*PARTS),
        "tags": st.lists(_long, max_size=60),
        "favorite": st.booleans(),
        "uid": _long,
    },
)


@pytest.mark.slow
@given(_contacts, st.lists(_long, max_size=3))
def test_the_schema_takes_every_contact_as_it_is(fields: dict[str, Any], extra: list[str]) -> None:
    contact = fitted(ReadContact(1, fields, extra))
    if isinstance(contact, Unreadable):
        return
    loaded = ContactSchema().load(contact.fields)
    assert {name: loaded[name] for name in contact.fields} == contact.fields
    for line in contact.extra:
        assert not set(line) & {"\0", "\r", "\n"}
        line.encode()


@pytest.mark.slow
@given(_contacts)
def test_what_keeps_the_rules_stays_as_it_is(fields: dict[str, Any]) -> None:
    contact = fitted(ReadContact(1, fields))
    if isinstance(contact, FittedContact):
        contact.fields.setdefault("custom", [])
        again = fitted(ReadContact(1, contact.fields, contact.extra))
        assert isinstance(again, FittedContact)
        again.fields.setdefault("custom", [])
        assert (again.fields, again.extra, again.remarks) == (contact.fields, contact.extra, [])


def test_a_field_that_the_file_does_not_have_is_missing() -> None:
    assert fit(first_name="Ada", last_name="").fields == {"first_name": "Ada", "last_name": ""}


def test_a_text_that_is_too_long_is_cut_and_kept_whole() -> None:
    contact = fit(first_name="A" * 150, organization="O" * 300)
    assert contact.fields["first_name"] == "A" * 100
    assert contact.fields["organization"] == "O" * 200
    assert contact.fields["custom"] == [{"label": "first name", "value": "A" * 150}]
    assert contact.extra == ["X-CONTACTSVC-ORGANIZATION:" + "O" * 300]
    assert said(contact).keys() == {"/first_name", "/organization"}


def test_notes_that_are_too_long_are_kept_whole_with_their_lines() -> None:
    notes = "first, line\r\nsecond; line\n" + "x" * 10_000
    contact = fit(first_name="Ada", notes=notes)
    assert contact.fields["notes"] == notes[:10_000]
    assert contact.extra == ["X-CONTACTSVC-NOTES:first\\, line\\nsecond\\; line\\n" + "x" * 10_000]


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"emails": [{"value": "ask Grace"}]}, "email"),
        ({"emails": [{"value": "ask Grace", "label": "mail"}]}, "mail"),
        ({"phones": [{"value": "ask Grace"}]}, "phone"),
        ({"dates": [{"value": "ask Grace", "label": "wedding"}]}, "wedding"),
        ({"birthday": "ask Grace"}, "birthday"),
        ({"email": "ask Grace"}, "email"),
    ],
)
def test_a_value_that_is_none_is_a_custom_field(fields: dict[str, Any], label: str) -> None:
    contact = fit(first_name="Ada", **fields)
    assert contact.fields["custom"] == [{"label": label, "value": "ask Grace"}]
    assert len(contact.remarks) == 1
    assert contact.extra == []


def test_a_birthday_in_the_future_is_none() -> None:
    contact = fit(first_name="Ada", birthday="2999-01-01")
    assert "birthday" not in contact.fields
    assert contact.fields["custom"] == [{"label": "birthday", "value": "2999-01-01"}]


def test_what_is_one_too_many_goes_to_the_custom_fields_and_then_to_lines() -> None:
    emails = [{"value": f"a{number}@example.com"} for number in range(45)]
    contact = fit(first_name="Ada", emails=emails, custom=[{"label": "own", "value": "mine"}])
    fields = contact.fields
    assert [entry["value"] for entry in fields["emails"]] == [e["value"] for e in emails[:20]]
    assert fields["custom"][0] == {"label": "own", "value": "mine"}
    assert [entry["value"] for entry in fields["custom"][1:]] == [e["value"] for e in emails[20:39]]
    assert contact.extra == [f"X-CONTACTSVC-EMAIL:{e['value']}" for e in emails[39:]]


def test_addresses_keep_their_parts() -> None:
    address = {"street": "1 Dorset Street\nFlat 2", "city": "London\n", "type": "home"}
    contact = fit(first_name="Ada", addresses=[{"type": "work"}, address])
    (kept,) = contact.fields["addresses"]
    assert (kept["street"], kept["city"], kept["type"]) == (address["street"], "London", "home")


def test_a_type_that_is_not_known_becomes_the_label() -> None:
    phones = [{"value": "112", "type": "car"}, {"value": "113", "type": "car", "label": "own"}]
    contact = fit(first_name="Ada", phones=phones)
    assert contact.fields["phones"] == [
        {"value": "112", "type": None, "label": "car"},
        {"value": "113", "type": None, "label": "own"},
    ]


def test_tags_are_told_apart_without_case_and_limited() -> None:
    tags = ["a", "A", " ", *(f"tag {number}" for number in range(60))]
    contact = fit(first_name="Ada", tags=tags)
    assert contact.fields["tags"] == ["a", *(f"tag {number}" for number in range(49))]
    assert contact.fields["custom"][0] == {"label": "tag", "value": "tag 49"}


def test_control_characters_become_spaces() -> None:
    contact = fit(first_name="A\0da\t", notes="a\tb\nc", nickname="\u200b")
    assert contact.fields == {"first_name": "A da", "notes": "a b\nc", "nickname": ""}
    assert contact.remarks == []


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"title": "Programmer"}, "Programmer"),
        ({"addresses": [{"street": "1 Dorset Street\nFlat 2", "city": "London"}]},
         "1 Dorset Street, Flat 2, London"),
        ({"urls": [{"value": "https://example.com"}]}, "https://example.com"),
        ({"notes": "\n the baker \nround the corner"}, "the baker"),
        ({"custom": [{"label": "x", "value": "y"}]}, "y"),
        ({"emails": [{"value": "ask Grace"}]}, "ask Grace"),
    ],
)  # fmt: skip
def test_a_contact_without_a_name_is_called_by_what_it_has(
    fields: dict[str, Any], name: str
) -> None:
    contact = fit(**fields)
    assert contact.fields["nickname"] == name
    assert "/nickname" in said(contact)


@pytest.mark.parametrize("fields", [{}, {"notes": " "}, {"tags": ["a"], "birthday": "1815-12-10"}])
def test_one_that_nothing_names_is_refused(fields: dict[str, Any]) -> None:
    refused = fitted(ReadContact(9, fields))
    assert isinstance(refused, Unreadable)
    assert refused.remark.line == 9


def test_remarks_of_the_reader_come_first() -> None:
    of_reader = Remark(8, "/emails/0", "x")
    contact = fitted(ReadContact(7, {"first_name": "A" * 101}, remarks=[of_reader]))
    assert isinstance(contact, FittedContact)
    assert contact.remarks[0] is of_reader
    assert contact.remarks[1].line == 7


def test_content_lines_are_limited() -> None:
    lines = ["X-A:" + "a" * (MAX_EXTRA // 2)] * 3
    contact = fitted(ReadContact(1, {"first_name": "Ada"}, lines))
    assert isinstance(contact, FittedContact)
    assert contact.extra == lines[:1]
    assert len(contact.remarks) == 1


def test_a_line_that_has_no_room_costs_no_other() -> None:
    long = "SOUND:" + "a" * MAX_EXTRA
    contact = fitted(ReadContact(1, {"first_name": "Ada"}, ["X-A:1", long, "X-B:2"]))
    assert isinstance(contact, FittedContact)
    assert contact.extra == ["X-A:1", "X-B:2"]
    assert [remark.detail for remark in contact.remarks] == [
        "There is room for 524288 characters that have no field: lines left out: 1."
    ]


@pytest.mark.parametrize("text", ["a\u0301", "\u0301", " \0", "a@", "\\\n", "\ud800"])
def test_texts_of_any_length_are_read(text: str) -> None:
    """In quadratic time it would never end."""
    long = text * 200_000
    contact = fit(
        first_name="Ada" + long,
        notes=long,
        emails=[{"value": long}],
        phones=[{"value": long}],
        birthday=long,
        tags=[long],
        addresses=[{"street": long}],
    )
    assert len(contact.fields["first_name"]) <= 100


def test_entries_without_end_are_cut_off() -> None:
    contact = fit(first_name="Ada", tags=[f"t{n}" for n in range(100_000)])
    assert len(contact.fields["tags"]) == 50
    assert len(contact.fields["custom"]) == 20
    assert len(contact.extra) == MAX_LISTED - 50 - 20
    assert contact.remarks[0].pointer == "/tags"
