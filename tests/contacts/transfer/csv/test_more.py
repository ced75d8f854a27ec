import pytest

from contactsvc.contacts.transfer.csv.more import More, read, written


def test_what_is_written_is_read() -> None:
    members = {
        "notes": "a\r\nb",
        "tags": ["x ::: y"],
        "emails": [{"value": "a@b.example", "type": None, "label": "ß"}],
        "extra": ["X-FOO:bar"],
        "phones": [],
    }

    assert read(written(members)) == More(
        {"notes": "a\r\nb", "tags": ["x ::: y"]},
        {"emails": [{"value": "a@b.example", "type": None, "label": "ß"}]},
        ["X-FOO:bar"],
    )


def test_nothing_is_written_as_nothing() -> None:
    assert written({"emails": [], "notes": ""}) == ""


def test_members_that_no_export_has_are_left_out() -> None:
    text = (
        '{"id": 7, "notes": 1, "tags": ["a", 2], "emails": [3, {"value": {"a": 1}, "type": null}],'
        ' "phones": "x", "extra": [[]], "favorite": true}'
    )

    assert read(text) == More({"tags": ["a"]}, {"emails": [{"type": None}]}, [])


@pytest.mark.parametrize("text", ["x", "[]", "1", "{", '"x"', "[" * 100_000])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)
