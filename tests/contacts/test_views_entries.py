"""Entries of lists, tags and favourites: what fits, and what is named where it does not."""

from typing import Any

import pytest

from tests.conftest import Person, pointers
from tests.contacts.test_views_lists import ONE, TWO, WHOLE, changed, got


@pytest.fixture
async def ada(grace: Person) -> Person:
    """Somebody with one contact."""
    await grace.add_contact(**TWO)
    return grace


ENTRIES: dict[str, dict[str, Any]] = {
    "emails": {"value": "a@example.com"},
    "phones": {"value": "112"},
    "addresses": {"city": "London"},
    "urls": {"value": "https://example.com"},
    "dates": {"value": "2000-01-01"},
    "relations": {"value": "Anne"},
    "custom": {"value": "x", "label": "y"},
}
"""For each list an entry with what it needs."""

WRONG: dict[str, list[tuple[dict[str, Any], str]]] = {
    "emails": [({"value": "x"}, "value"), ({"value": ""}, "value"), ({"type": "mobile"}, "type")],
    "phones": [
        ({"value": "mum"}, "value"),
        ({"value": "1" * 65}, "value"),
        ({"type": "x"}, "type"),
    ],
    "addresses": [
        ({"city": ""}, "street"),
        ({"street": "x" * 501}, "street"),
        ({"street": "a\x07"}, "street"),
        ({"city": "a\nb"}, "city"),
        ({"country": "x" * 201}, "country"),
        ({"type": "Home"}, "type"),
    ],
    "urls": [({"value": ""}, "value"), ({"value": "x" * 201}, "value"), ({"type": 1}, "type")],
    "dates": [({"value": "tomorrow"}, "value"), ({"type": "home"}, "type")],
    "relations": [({"value": "\u200b"}, "value"), ({"value": None}, "value")],
    "custom": [({"value": " "}, "value"), ({"value": "a\nb"}, "value")],
}
"""For each list what makes its entry wrong, and the part that is named."""


async def test_what_does_not_fit_in_an_entry_is_named(
    ada: Person, subtests: pytest.Subtests
) -> None:
    before = await got(ada)
    for name, entry in ENTRIES.items():
        labels = [({"label": label}, "label") for label in ("x" * 51, None, "a\tb", 1)]
        for wrong, part in [*WRONG[name], *labels, ({"foo": 1}, "foo")]:
            with subtests.test(name=name, wrong=wrong):
                body = {"first_name": "Ada", name: [entry, entry | wrong]}
                for method, path in (("POST", "/api/contacts/"), ("PUT", ONE), ("PATCH", ONE)):
                    response = await ada.request(method, path, json=body)
                    assert await pointers(response) == {f"/{name}/1/{part}"}
    assert await got(ada) == before


async def test_a_list_has_up_to_twenty_entries(ada: Person, subtests: pytest.Subtests) -> None:
    for name, entry in ENTRIES.items():
        with subtests.test(name=name):
            contact = await changed(ada, "PATCH", {name: [entry] * 20})
            assert len(contact[name]) == 20
            response = await ada.patch(ONE, json={name: [entry] * 21})
            assert await pointers(response) == {f"/{name}"}
            wrong: list[Any] = [{}, "x", [1], [None], [[]]]
            for value in wrong:
                refused = await ada.patch(ONE, json={name: value})
                assert len(await pointers(refused)) == 1


async def test_what_fits_at_its_limit(ada: Person) -> None:
    address = dict.fromkeys(("extended", "po_box", "city", "region", "postal_code"), "é" * 200)
    lists: dict[str, Any] = {
        "emails": [{"value": "a@example.com", "type": "", "label": "é" * 50}],
        "phones": [{"value": "1" * 64, "type": "pager", "label": "x" * 50}],
        "addresses": [address | {"street": "é" * 500, "country": "x", "type": None, "label": ""}],
        "urls": [{"value": "x" * 200, "type": "other", "label": ""}],
    }
    contact = await changed(ada, "PATCH", lists)
    lists["emails"][0]["type"] = None
    lists["phones"][0]["e164"] = None
    assert {name: contact[name] for name in lists} == lists


async def test_tags_are_told_apart_without_case(ada: Person) -> None:
    sent = ["Friends", "FRIENDS", "work", "friends", "Straße", "STRASSE", " Work "]
    contact = await changed(ada, "PATCH", {"tags": sent})
    assert contact["tags"] == ["Friends", "work", "Straße"]
    for wrong in ([""], ["x" * 51], ["a\nb"], [None], [1], [f"{n}" for n in range(51)]):
        assert len(await pointers(await ada.patch(ONE, json={"tags": wrong}))) == 1, wrong
    for fits in (["x" * 50], [f"{n}" for n in range(50)], []):
        assert (await changed(ada, "PATCH", {"tags": fits}))["tags"] == fits


@pytest.mark.parametrize("value", [None, 1, 0, "true", "yes", []])
async def test_a_favourite_is_true_or_false(ada: Person, value: Any) -> None:
    assert (await changed(ada, "PATCH", {"favorite": True}))["favorite"] is True
    body = {"first_name": "Ada", "favorite": value}
    assert await pointers(await ada.put(ONE, json=body)) == {"/favorite"}


async def test_null_clears_every_field(ada: Person, subtests: pytest.Subtests) -> None:
    await changed(ada, "PUT", WHOLE)
    for name in WHOLE:
        with subtests.test(name=name):
            empty = (await changed(ada, "PATCH", {name: None}))[name]
            assert empty == type(WHOLE[name])() or (name == "birthday" and empty is None)
            await changed(ada, "PATCH", {name: WHOLE[name]})
