import csv
import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.details import ADDRESS, LISTS
from contactsvc.contacts.rows import DEFAULTS
from contactsvc.contacts.schemas.entries import PHONE_TYPES, TYPES
from contactsvc.contacts.transfer.csv.layout import HEADER
from contactsvc.contacts.transfer.csv.reader import read
from contactsvc.contacts.transfer.csv.writer import BOM, header, line
from contactsvc.contacts.transfer.records import ReadContact

EMPTY = {name: value for name, value in DEFAULTS.items() if name not in ("email", "phone")}

special = st.sampled_from([*"=+-@'\",;:|* ＝", " ::: ", "{", "* Work", "'=", "--"])
letters = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])


def texts(more: str = "", min_size: int = 0) -> st.SearchStrategy[str]:
    """Return texts as the schemas let them pass, with what is special in CSV."""
    piece = st.one_of(
        special.filter(lambda c: c != "\t"), letters, *([st.sampled_from(more)] * bool(more))
    )
    joined = st.lists(piece, min_size=min_size, max_size=8).map("".join)
    return joined.map(str.strip).filter(lambda text: len(text) >= min_size)


def entries(kinds: tuple[str, ...] = (), **parts: st.SearchStrategy[str]) -> Any:
    types = {"type": st.sampled_from([*kinds, None])} if kinds else {}
    return st.lists(st.fixed_dictionaries({**parts, **types, "label": texts()}), max_size=5)


days = st.one_of(st.dates().map(str), st.dates().map(lambda day: f"--{day:%m-%d}"))
addresses = entries(TYPES, **dict.fromkeys(ADDRESS, texts("\n\r")))
contacts = st.fixed_dictionaries(
    {
        **{name: texts() for name, value in EMPTY.items() if value == ""},
        "uid": texts(min_size=1),
        "notes": texts("\n\r\u2028"),
        "birthday": st.none() | days,
        "tags": st.lists(texts(min_size=1), max_size=4, unique=True),
        "favorite": st.booleans(),
        "emails": entries(TYPES, value=texts(min_size=1)),
        "phones": entries(PHONE_TYPES, value=texts(min_size=1)),
        "urls": entries(TYPES, value=texts(min_size=1)),
        "addresses": addresses.map(lambda all_: [a for a in all_ if any(a[p] for p in ADDRESS)]),
        "dates": entries(value=days),
        "relations": entries(value=texts(min_size=1)),
        "custom": entries(value=texts(min_size=1)),
    }
)


def file_of(*lines: str) -> bytes:
    return (header() + "".join(lines)).encode()


def read_back(data: bytes) -> list[ReadContact]:
    found = list(read([data]).contacts)
    assert all(isinstance(each, ReadContact) and not each.remarks for each in found)
    return [each for each in found if isinstance(each, ReadContact)]


@pytest.mark.slow
@given(st.lists(contacts, min_size=1, max_size=3), st.lists(texts("\n")))
def test_an_import_of_an_export_gives_the_same_contacts(
    written: list[dict[str, Any]], extra: list[str]
) -> None:
    found = read_back(file_of(*(line(contact, extra) for contact in written)))

    assert [dict(contact.fields) for contact in found] == written
    assert all(list(contact.extra) == extra for contact in found)


@pytest.mark.slow
@given(contacts)
def test_no_cell_is_run_by_a_spreadsheet(contact: dict[str, Any]) -> None:
    (_, *rows) = csv.reader(io.StringIO(file_of(line(contact)).decode(), newline=""))

    for cell in rows[0]:
        assert not re.match(r"[=+\-@\t\r＝＋－＠]", cell) or re.fullmatch(r"\+[0-9 ]+", cell)


def test_a_file_opens_in_a_spreadsheet() -> None:
    text = file_of(line({"first_name": "Jörg", "notes": "a\nb"})).decode()

    assert text.startswith(f"{BOM}uid,prefix,first_name,")
    assert text.endswith("\r\n")
    first, row = csv.reader(io.StringIO(text.removeprefix(BOM), newline=""))
    assert tuple(first) == HEADER
    assert len(row) == len(HEADER)
    assert row[first.index("notes")] == "a\nb"


def test_the_first_entries_have_columns_and_the_rest_is_json() -> None:
    emails = [{"value": f"{n}@x.example", "type": "home", "label": f"L{n}"} for n in range(5)]

    row = dict(zip(HEADER, next(csv.reader([line({"emails": emails})])), strict=True))

    assert [row[f"email_{n}"] for n in (1, 2, 3)] == ["0@x.example", "1@x.example", "2@x.example"]
    assert (row["email_1_type"], row["email_1_label"]) == ("home", "L0")
    assert "4@x.example" in row["more_json"]


def test_read_only_members_are_not_written() -> None:
    phones = [{"value": f"+{n}", "e164": None, "type": None, "label": ""} for n in range(4)]

    assert "e164" not in line({"phones": phones})


def test_a_contact_at_its_limits_is_read_back() -> None:
    label = "л" * 50
    full: dict[str, Any] = {
        **{name: "ж" * 200 for name, value in EMPTY.items() if value == ""},
        "uid": "u",
        "notes": '"й"\n' * 2_500,
        "birthday": "1990-02-01",
        "favorite": True,
        "tags": [f"{n} ::: {label}"[:50] for n in range(50)],
        **{
            name: [{"value": "ы" * 200, "type": "home", "label": label}] * 20
            for name in ("emails", "phones", "urls")
        },
        "dates": [{"value": "2000-01-01", "label": label}] * 20,
        **{name: [{"value": "щ" * 200, "label": label}] * 20 for name in ("relations", "custom")},
        "addresses": [
            {**dict.fromkeys(ADDRESS, "ё" * 200), "street": "я " * 249 + "я", "type": None}
            | {"label": label}
        ]
        * 20,
    }

    (found,) = read_back(file_of(line(full, ["X-FOO:bar"])))

    assert dict(found.fields) == full
    assert list(found.extra) == ["X-FOO:bar"]


@pytest.mark.parametrize("value", ["1604-02-29", "4501-01-01", "not a day"])
def test_days_that_would_be_read_otherwise_are_kept_apart(value: str) -> None:
    contact = {"first_name": "Eve", "birthday": value, "dates": [{"value": value, "label": ""}]}

    (found,) = read_back(file_of(line(contact)))

    assert found.fields["birthday"] == value
    assert found.fields["dates"] == contact["dates"]


def test_a_contact_without_anything_has_its_empty_fields() -> None:
    (found,) = read_back(file_of(line({"uid": "u"})))

    assert dict(found.fields) == {**EMPTY, "uid": "u"}
    assert set(LISTS) <= set(found.fields)
