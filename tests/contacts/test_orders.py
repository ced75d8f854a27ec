"""The orders of contacts: whole ones, so that no page doubles or leaves out any."""

import pytest

from contactsvc.contacts.orders import BY_BIRTHDAY, ORDERS
from contactsvc.contacts.repository import ContactRepository
from tests.contacts.test_repository import add, born


def test_each_ends_with_what_no_two_contacts_share() -> None:
    assert {order.columns[-1] for order in (*ORDERS.values(), BY_BIRTHDAY)} == {"id"}


def test_a_sign_turns_an_order_round() -> None:
    assert {name for name, order in ORDERS.items() if order.descending} == {
        name for name in ORDERS if name.startswith("-")
    }
    assert {f"-{name}" for name in ORDERS if not name.startswith("-")} < ORDERS.keys()


@pytest.mark.parametrize(
    "birthday", ["1815-12-10", "--12-10", "2000-02-29", "--02-29", "0001-01-01"]
)
async def test_a_birthday_is_found_by_month_and_day(
    contacts: ContactRepository, birthday: str
) -> None:
    contact_id = await add(contacts, birthday=birthday)
    month_day = int(birthday[-5:].replace("-", ""))
    hit = await born(contacts, month_day, month_day)
    assert [row["id"] for row in hit] == [contact_id]
    assert not await born(contacts, 101, month_day - 1)
    assert not await born(contacts, month_day + 1, 1231)


async def test_birthdays_come_by_name(contacts: ContactRepository) -> None:
    for first_name in ("Émile", "Eva", "emil"):
        await add(contacts, first_name=first_name, birthday="--05-05")
    rows = await born(contacts)
    assert [row["first_name"] for row in rows] == ["emil", "Émile", "Eva"]


async def test_birthdays_of_the_same_name_come_by_id(contacts: ContactRepository) -> None:
    ids = [await add(contacts, first_name="Ada", birthday="--05-05") for _ in range(3)]
    for contact_id in reversed(ids):  # a changed row moves to the end of the table
        await contacts.change(contact_id, {"notes": "moved"})
    assert [row["id"] for row in await born(contacts, 505, 505)] == ids


# What is searched, what is stored, and whether the one finds the other.
