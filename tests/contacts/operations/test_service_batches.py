"""Undoing a batch that did several things to one contact brings back what was before the batch."""

from tests.conftest import Person
from tests.contacts.batches.support import create, delete, send, update
from tests.contacts.operations.support import body_of, contacts, timeless, trash, undo


async def test_one_that_was_changed_and_deleted_is_as_before_both(grace: Person) -> None:
    ada = await grace.add_contact(first_name="Ada", notes="before", tags=["friends"])
    done = await body_of(
        await send(grace, update(ada, notes="x", tags=[]), update(ada, notes="y"), delete(ada))
    )
    (deleted,) = await trash(grace)
    assert (deleted["notes"], deleted["tags"]) == ("y", [])

    assert await undo(grace, done["operation_id"]) == {"restored": 1, "kept": [], "kept_count": 0}
    assert list(map(timeless, await contacts(grace))) == [timeless(ada)]
    assert await trash(grace) == []


async def test_one_that_was_changed_more_often_than_versions_are_kept(grace: Person) -> None:
    ada = await grace.add_contact(first_name="Ada", notes="before")
    done = await body_of(await send(grace, *[update(ada, notes=str(n)) for n in range(25)]))

    assert await undo(grace, done["operation_id"]) == {"restored": 1, "kept": [], "kept_count": 0}
    assert list(map(timeless, await contacts(grace))) == [timeless(ada)]


async def test_a_uid_goes_back_to_the_one_that_has_had_it(grace: Person) -> None:
    ada = await grace.add_contact(first_name="Ada", uid="x")
    done = await body_of(await send(grace, delete(ada), create(first_name="Bob", uid="x")))

    assert (await undo(grace, done["operation_id"]))["restored"] == 2
    assert list(map(timeless, await contacts(grace))) == [timeless(ada)]
