"""Pages of duplicates have a bounded size, whatever becomes of the contacts meanwhile."""

import pytest

from contactsvc.contacts.duplicates import service
from contactsvc.contacts.duplicates.repository import DuplicateRepository
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import ContactRow
from contactsvc.platform.database.keysets import Position


async def add(contacts: ContactRepository, names: str, notes: str = "") -> list[int]:
    fields = [{"first_name": name, "notes": notes} for name in names]
    return [(await contacts.create(each))[0]["id"] for each in fields]


async def walked(duplicates: DuplicateRepository, limit: int) -> list[list[list[int]]]:
    """Return the ids of each item of each page."""
    pages: list[list[list[int]]] = []
    position: Position = None
    while position is not None or not pages:
        page = await service.page(duplicates, limit, position)
        pages.append([[row["id"] for row in each.contacts] for each in page.rows])
        position = page.next_position
    return pages


@pytest.mark.slow
async def test_a_page_ends_where_its_contacts_are_large(
    contacts: ContactRepository, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_CHARACTERS", 50_000)
    ids = await add(contacts, "aabbcccccdd", notes="x" * 10_000)
    pages = await walked(DuplicateRepository(owner), 10)
    assert pages == [[ids[0:2], ids[2:4]], [ids[9:11]], [ids[4:9]]], "and the largest stands alone"


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
async def test_each_part_comes_once_whatever_the_pages(
    contacts: ContactRepository, owner: int, limit: int
) -> None:
    one, two, three, four, *others = await add(contacts, "aaaabb")
    duplicates = DuplicateRepository(owner)
    await duplicates.dismiss([one, two])
    await duplicates.dismiss([three, four])
    pages = await walked(duplicates, limit)
    divided = [[one, three], [one, four], [two, three], [two, four]]
    assert [item for page in pages for item in page] == [*divided, others]
    assert all(len(page) == limit for page in pages[:-1])


async def test_who_is_deleted_while_a_page_is_made_is_left_out(
    contacts: ContactRepository, owner: int
) -> None:
    ids = await add(contacts, "aaabb")

    class Meanwhile(DuplicateRepository):
        """Deletes a contact of each group before their rows are read."""

        async def contacts(self, ids_: set[int]) -> dict[int, ContactRow]:  # type: ignore[override]
            for contact_id in (ids[0], ids[3]):
                await contacts.delete(contact_id)
            return await super().contacts(ids_)

    page = await service.page(Meanwhile(owner), 10)
    assert [[row["id"] for row in each.contacts] for each in page.rows] == [ids[1:3]]
    assert page.next_position is None
