"""The typed lists of a contact, and what ``email`` and ``phone`` say of them."""

from typing import Any

import pytest

from tests.conftest import Person, pointers

ONE = "/api/contacts/1"
TWO: dict[str, Any] = {
    "first_name": "Ada",
    "emails": [
        {"value": "work@example.com", "type": "work", "label": "Engines"},
        {"value": "home@example.com", "type": "home", "label": ""},
    ],
    "phones": [
        {"value": "020 7946 0958", "type": "mobile", "label": "secret"},
        {"value": "+1 415 555 2671", "type": "fax", "label": ""},
    ],
}
WHOLE: dict[str, Any] = {
    **TWO,
    "last_name": "Lovelace",
    "middle_name": "King",
    "prefix": "Lady",
    "suffix": "FRS",
    "nickname": "Countess",
    "organization": "Analytical Society",
    "department": "Engines",
    "title": "Programmer",
    "addresses": [
        {
            "street": "1 Dorset Street\nSecond floor",
            "extended": "Flat 2",
            "po_box": "7",
            "city": "London",
            "region": "Greater London",
            "postal_code": "W1U 6SG",
            "country": "United Kingdom",
            "type": "home",
            "label": "Town house",
        }
    ],
    "urls": [{"value": "https://example.com/ada", "type": "other", "label": "Page"}],
    "dates": [
        {"value": "1835-07-08", "label": "Wedding"},
        {"value": "--07-08", "label": ""},
        {"value": "2035-07-08", "label": "Bicentenary"},
    ],
    "relations": [{"value": "Anne Isabella Byron", "label": "mother"}],
    "custom": [{"label": "Engine", "value": "Analytical"}],
    "birthday": "1815-12-10",
    "notes": "Wrote the first\nprogram.",
    "tags": ["Friends", "maths"],
    "favorite": True,
}


def values(contact: dict[str, Any], name: str = "emails") -> list[str]:
    return [entry["value"] for entry in contact[name]]


@pytest.fixture
async def ada(grace: Person) -> Person:
    """Somebody in Great Britain whose only contact has two e-mails and two phones."""
    assert (await grace.patch("/api/users/me", json={"region": "GB"})).status == 200
    await grace.add_contact(**TWO)
    return grace


async def changed(person: Person, method: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change the contact and return it."""
    response = await person.request(method, ONE, json=body)
    assert response.status == 200, await response.text()
    contact: dict[str, Any] = await response.json()
    assert await (await person.get(ONE)).json() == contact
    return contact


async def got(person: Person) -> dict[str, Any]:
    contact: dict[str, Any] = await (await person.get(ONE)).json()
    return contact


async def test_every_field_is_kept(ada: Person) -> None:
    contact = await ada.add_contact(**WHOLE)

    phones = [{**phone, "e164": e164} for phone, e164 in zip(
        WHOLE["phones"], ("+442079460958", "+14155552671"), strict=True
    )]  # fmt: skip
    assert WHOLE | {"phones": phones} == {name: contact[name] for name in WHOLE}
    assert contact["display_name"] == "Lady Ada King Lovelace FRS"
    assert (contact["email"], contact["phone"]) == ("work@example.com", "+442079460958")
    assert await (await ada.get(f"/api/contacts/{contact['id']}")).json() == contact
    [listed] = (await (await ada.get("/api/contacts/", params={"q": "lady"})).json())["items"]
    assert listed == contact


async def test_a_simple_client_makes_the_first_of_each_list(ada: Person) -> None:
    contact = await ada.add_contact(email="a@example.com", phone="7946 0958")
    assert contact["emails"] == [{"value": "a@example.com", "type": None, "label": ""}]
    assert contact["phones"] == [{"value": "7946 0958", "e164": None, "type": None, "label": ""}]
    assert contact["phone"] == "7946 0958"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_a_simple_client_sends_everything_back_with_another_first(
    ada: Person, method: str
) -> None:
    read = await got(ada)
    body = read | {"email": "new@example.com", "phone": "020 7946 0123"}

    contact = await changed(ada, method, body)

    assert values(contact) == ["new@example.com", "home@example.com"]
    assert contact["emails"][0]["type"] == "work"
    assert contact["emails"][0]["label"] == "Engines"
    assert contact["phones"][0] == {
        "value": "020 7946 0123",
        "e164": "+442079460123",
        "type": "mobile",
        "label": "secret",
    }
    assert contact["phones"][1] == read["phones"][1]
    assert (contact["email"], contact["phone"]) == ("new@example.com", "+442079460123")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_a_simple_client_sends_everything_back_without_the_first(
    ada: Person, method: str
) -> None:
    contact = await changed(ada, method, await got(ada) | {"email": None, "phone": ""})

    assert values(contact) == ["home@example.com"]
    assert (contact["email"], contact["phone"]) == ("home@example.com", "+14155552671")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_where_there_was_none_either_field_counts(grace: Person, method: str) -> None:
    read = await grace.add_contact()

    by_field = await changed(grace, method, read | {"email": "a@example.com", "phone": "112"})
    assert (values(by_field), values(by_field, "phones")) == (["a@example.com"], ["112"])

    await changed(grace, method, read)  # none again
    lists = {"emails": [{"value": "b@example.com"}], "phones": [{"value": "113"}]}
    by_list = await changed(grace, method, read | lists)
    assert (by_list["email"], by_list["phone"]) == ("b@example.com", "113")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_where_the_list_differs_the_list_counts(ada: Person, method: str) -> None:
    read = await got(ada)
    other = [{"value": "other@example.com", "type": None, "label": ""}, *read["emails"]]

    contact = await changed(ada, method, read | {"emails": other, "phones": read["phones"][::-1]})

    assert values(contact) == ["other@example.com", "work@example.com", "home@example.com"]
    assert contact["email"] == "other@example.com"
    assert contact["phone"] == "+14155552671"
    emptied = await changed(ada, method, contact | {"emails": [], "phones": []})
    assert (emptied["email"], emptied["phone"]) == (None, None)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_where_both_differ_they_must_agree(ada: Person, method: str) -> None:
    read = await got(ada)
    new = [{"value": "new@example.com"}]

    for email in ("newer@example.com", "home@example.com", None):
        response = await ada.request(method, ONE, json=read | {"email": email, "emails": new})
        assert await pointers(response) == {"/emails"}, email
    nothing = read | {"email": "new@example.com", "emails": []}
    assert await pointers(await ada.request(method, ONE, json=nothing)) == {"/emails"}
    number = read | {"phone": "112", "phones": [{"value": "113"}]}
    assert await pointers(await ada.request(method, ONE, json=number)) == {"/phones"}
    assert await got(ada) == read

    agreeing = read | {"email": "new@example.com", "emails": new}
    assert values(await changed(ada, method, agreeing)) == ["new@example.com"]
    gone = read | {"email": None, "emails": [], "phone": None, "phones": []}
    assert values(await changed(ada, method, gone)) == []


async def test_a_new_contact_with_both_must_have_them_agree(ada: Person) -> None:
    for body in (
        {"email": "a@example.com", "emails": [{"value": "b@example.com"}]},
        {"email": "a@example.com", "emails": []},
        {"email": None, "emails": [{"value": "b@example.com"}]},
    ):
        response = await ada.post("/api/contacts/", json={"first_name": "A", **body})
        assert await pointers(response) == {"/emails"}, body
    both = {"email": "a@example.com", "emails": TWO["emails"][:1]}
    both["emails"] = [{"value": "a@example.com", "type": "home", "label": "x"}, *TWO["emails"]]
    assert (await ada.add_contact(**both))["emails"] == both["emails"]
    assert (await ada.add_contact(email=None, emails=[]))["emails"] == []


@pytest.mark.parametrize("phone", ["+442079460958", "020 7946 0958", "(020) 79460958"])
async def test_a_phone_agrees_as_typed_and_in_international_form(ada: Person, phone: str) -> None:
    typed = [{"value": "020 7946 0958", "type": None, "label": ""}]
    contact = await ada.add_contact(phone=phone, phones=typed)
    assert values(contact, "phones") == ["020 7946 0958"]
    assert contact["phone"] == "+442079460958"
    # As it is kept, so that the list counts.
    if phone != "(020) 79460958":
        new = [{"value": "112"}]
        assert (await changed(ada, "PATCH", {"phone": phone, "phones": new}))["phone"] == "112"


async def test_a_number_in_another_spelling_is_what_was_typed_last(ada: Person) -> None:
    contact = await changed(ada, "PATCH", {"phone": "+44 (20) 7946-0958"})
    assert contact["phones"][0] == {
        "value": "+44 (20) 7946-0958",
        "e164": "+442079460958",
        "type": "mobile",
        "label": "secret",
    }


async def test_null_removes_the_first_and_the_next_moves_up(ada: Person) -> None:
    contact = await changed(ada, "PATCH", {"email": None, "phone": None})
    assert (contact["email"], contact["phone"]) == ("home@example.com", "+14155552671")
    contact = await changed(ada, "PATCH", {"email": None, "phone": None})
    assert (contact["emails"], contact["phones"]) == ([], [])
    contact = await changed(ada, "PATCH", {"email": None, "phone": None})
    assert (contact["email"], contact["phone"]) == (None, None)


async def test_a_patch_of_one_field_leaves_the_lists_alone(ada: Person) -> None:
    read = await got(ada)
    contact = await changed(ada, "PATCH", {"notes": "x"})
    assert contact == read | {"notes": "x", "updated_at": contact["updated_at"]}
    contact = await changed(ada, "PATCH", {"emails": [{"value": "a@example.com"}]})
    assert contact["phones"] == read["phones"]
    assert contact["email"] == "a@example.com"


async def test_a_replacement_drops_what_it_does_not_name(ada: Person) -> None:
    contact = await changed(ada, "PUT", {"first_name": "Ada", "email": "new@example.com"})
    assert contact["emails"] == [{"value": "new@example.com", "type": "work", "label": "Engines"}]
    assert (contact["phone"], contact["phones"]) == (None, [])
    contact = await changed(ada, "PUT", {"first_name": "Ada"})
    assert (contact["email"], contact["emails"]) == (None, [])


async def test_what_get_gave_can_be_put_and_is_no_change(ada: Person) -> None:
    contact = await ada.add_contact(**WHOLE)
    path = f"/api/contacts/{contact['id']}"
    before = await ada.get(path)
    for method in ("PUT", "PATCH"):
        response = await ada.request(method, path, json=await before.json())
        assert (response.status, response.headers["ETag"]) == (200, before.headers["ETag"])
        assert await response.json() == contact


async def test_a_number_stays_what_it_was_when_its_region_is_another(ada: Person) -> None:
    read = await got(ada)
    assert (await ada.patch("/api/users/me", json={"region": "US"})).status == 200
    contact = await changed(ada, "PUT", read | {"notes": "x"})
    assert contact["phones"] == read["phones"]
    assert contact["phone"] == "+442079460958"
