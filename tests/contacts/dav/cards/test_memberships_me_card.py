"""The card that is the owner's own stays so when the contact is merged into another one."""

import pytest

from tests.conftest import Person
from tests.contacts.dav.cards.support import card
from tests.contacts.dav.cards.test_memberships import merge, people
from tests.contacts.dav.support import CS, Phone
from tests.contacts.dav.test_property_changes import change, setting
from tests.contacts.operations.support import TRASH, contacts, delete, undo

ME = f"{CS}me-card"


async def set_me(phone: Phone, name: str) -> None:
    value = setting(f"<cs:me-card><d:href>{phone.card(name)}</d:href></cs:me-card>")
    assert await change(phone, phone.home, value) == {ME: 200}


async def me(phone: Phone) -> str | None:
    [href] = (await phone.one(phone.home, "cs:me-card")).hrefs(ME)
    return href


async def test_it_is_that_of_the_contact_that_stays(grace: Person, phone: Phone) -> None:
    """Whatever clients have called the cards."""
    ada, bea, _ = await people(grace, "ada", "bea", "zoe")
    assert (await phone.put("By-the-phone", card("eve"))).status == 201
    eve = (await contacts(grace))[-1]["id"]
    await set_me(phone, "By-the-phone")
    operation_id = await merge(grace, ada, bea, eve)
    assert await me(phone) == phone.card("ada")
    await undo(grace, operation_id)
    assert await me(phone) == phone.card("By-the-phone")


@pytest.mark.parametrize("own", ["ada", "zoe"])
async def test_that_of_no_merged_contact_stays(grace: Person, phone: Phone, own: str) -> None:
    ada, bea, _ = await people(grace, "ada", "bea", "zoe")
    await set_me(phone, own)
    operation_id = await merge(grace, ada, bea)
    assert await me(phone) == phone.card(own)
    await undo(grace, operation_id)
    assert await me(phone) == phone.card(own)


async def test_another_that_was_chosen_since_stays(grace: Person, phone: Phone) -> None:
    ada, bea, _ = await people(grace, "ada", "bea", "zoe")
    await set_me(phone, "bea")
    operation_id = await merge(grace, ada, bea)
    await set_me(phone, "zoe")
    await undo(grace, operation_id)
    assert await me(phone) == phone.card("zoe")


async def test_it_stays_where_the_contact_is_gone_for_good(grace: Person, phone: Phone) -> None:
    ada, bea = await people(grace, "ada", "bea")
    await set_me(phone, "bea")
    operation_id = await merge(grace, ada, bea)
    assert (await grace.delete(f"{TRASH}/{bea}")).status == 204
    await undo(grace, operation_id)
    assert await me(phone) == phone.card("ada")


async def test_it_comes_back_where_the_other_was_deleted_since(grace: Person, phone: Phone) -> None:
    ada, bea = await people(grace, "ada", "bea")
    await set_me(phone, "bea")
    operation_id = await merge(grace, ada, bea)
    await delete(grace, ada)
    await undo(grace, operation_id)
    assert await me(phone) == phone.card("bea")
