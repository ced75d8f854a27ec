"""Undoing a merge loses nothing of what was merged."""

from tests.conftest import Person
from tests.contacts.operations.support import TRASH, body_of, contacts, timeless, trash, undo
from tests.support.photo_uploads import photo_of, put_photo
from tests.support.pictures import flag


async def merged(person: Person, into: int, *others: int) -> int:
    """Merge contacts, and return the id of the operation."""
    body = {"into": into, "from": others}
    done = await body_of(await person.post("/api/contacts/merge", json=body))
    operation_id: int = done["operation_id"]
    return operation_id


async def test_what_nothing_else_has_any_more_stays(grace: Person) -> None:
    ada, bea = [await grace.add_contact(first_name=name) for name in ("Ada", "Bea")]
    eve = await grace.add_contact(first_name="Eve", notes="of Eve")
    assert (await put_photo(grace, eve, flag())).status == 204
    operation_id = await merged(grace, ada["id"], bea["id"], eve["id"])
    assert (await grace.delete(f"{TRASH}/{eve['id']}")).status == 204

    assert await undo(grace, operation_id) == {
        "restored": 1,
        "kept": [
            {
                "id": ada["id"],
                "display_name": "Ada",
                "detail": "It alone still has what was merged into it and deleted for good since.",
            },
            {
                "id": eve["id"],
                "display_name": "",
                "detail": "It has been deleted for good since.",
            },
        ],
        "kept_count": 2,
    }
    assert [contact["notes"] for contact in await contacts(grace)] == ["of Eve", ""]
    assert (await grace.get(photo_of(ada))).status == 200
    assert await trash(grace) == []


async def test_they_can_be_merged_and_undone_again(grace: Person) -> None:
    ada = await grace.add_contact(first_name="Ada")
    eve = await grace.add_contact(first_name="Eve", notes="of Eve", tags=["t"], favorite=True)
    assert (await put_photo(grace, eve, flag())).status == 204
    before = list(map(timeless, await contacts(grace)))
    for _ in range(2):
        operation_id = await merged(grace, ada["id"], eve["id"])
        assert (await grace.get(photo_of(ada))).status == 200
        assert (await undo(grace, operation_id))["restored"] == 2
        assert list(map(timeless, await contacts(grace))) == before
        statuses = [(await grace.get(photo_of(each))).status for each in (ada, eve)]
        assert statuses == [404, 200]
