"""Whatever is done to contacts, every value that was ever entered can be found again.

It is in a contact, in the trash, or in an earlier version of one of these, in whatever order chance
puts creating, changing, merging, deleting, restoring, importing and undoing.
"""

import asyncio
import re
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from io import BytesIO
from typing import Any, ClassVar, TypeVar

import asyncpg
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contactsvc.contacts.merges.service import Merge, Merger
from contactsvc.contacts.operations import service as operations
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer.service import Importer, ImportOptions
from contactsvc.contacts.transfer.writing import OnDuplicate
from contactsvc.contacts.trash.repository import TrashRepository
from contactsvc.contacts.versions.repository import VersionRepository
from contactsvc.platform.caller import Caller
from contactsvc.platform.database import database
from contactsvc.platform.storage.pictures import Pictures
from tests.support.accounts import add_account
from tests.support.samples import samples

STEPS = 18
"""Fewer than the versions that are kept of a contact: each step changes one at most once."""

BOOK = (
    "SELECT id, version, (to_jsonb(contacts) - ARRAY['seq', 'version', 'derived_version',"
    " 'changed_by', 'updated_at'])::text AS says FROM contacts WHERE owner_id = $1 ORDER BY id"
)
TRASH = "SELECT id, contact::text AS says FROM deleted_contacts WHERE owner_id = $1 ORDER BY id"
VERSIONS = (
    "SELECT contact_id AS id, version, contact::text AS says FROM contact_versions"
    " WHERE owner_id = $1 ORDER BY contact_id, version"
)
VALUE = re.compile("v[0-9]+x")
FIELDS = st.sets(st.sampled_from(["nickname", "notes", "tags", "email", "phone"]), min_size=1)
WHICH = st.integers(0, 11)
Result = TypeVar("Result")
Item = TypeVar("Item")


def pick(items: list[Item], number: int) -> Item:
    return items[number % len(items)]


class World:
    """The database, asked from outside of its event loop."""

    def __init__(self, runner: asyncio.Runner, url: str) -> None:
        self._runner, self._url = runner, url
        self._opened = AsyncExitStack()
        self.pictures = Pictures()
        self.pg: asyncpg.Connection
        self.owners = 0

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(work)

    async def open(self) -> None:
        await self._opened.enter_async_context(database(self._url, pool_size=2))
        self.pg = await asyncpg.connect(self._url)

    async def close(self) -> None:
        await self.pg.close()
        await self._opened.aclose()
        self.pictures.close()

    async def new_owner(self) -> int:
        self.owners += 1
        return await add_account(self.pg, f"owner{self.owners}@example.com")


class Rules(RuleBasedStateMachine):
    """One address book."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.owner = self.world.run(self.world.new_owner())
        self.contacts = ContactRepository(self.owner)
        self.entered: set[str] = set()
        self.done: list[int] = []

    def value(self) -> str:
        value = f"v{len(self.entered)}x"
        self.entered.add(value)
        return value

    def fields(self, names: set[str]) -> dict[str, Any]:
        fields: dict[str, Any] = {name: self.value() for name in sorted(names)}
        if "tags" in fields:
            fields["tags"] = [fields["tags"]]
        if "phone" in fields:
            fields["phone"] = f"112 {fields['phone']}"
        return fields

    def rows(self, query: str) -> list[asyncpg.Record]:
        return self.world.run(self.world.pg.fetch(query, self.owner))

    def ids(self, query: str = BOOK) -> list[int]:
        return [row["id"] for row in self.rows(query)]

    @rule(names=FIELDS)
    def create(self, names: set[str]) -> None:
        self.world.run(self.contacts.create({"first_name": "Ada"} | self.fields(names)))

    @precondition(lambda self: self.ids())
    @rule(which=WHICH, names=FIELDS, is_whole=st.booleans())
    def change(self, which: int, names: set[str], is_whole: bool) -> None:
        fields = {"first_name": "Bea"} | self.fields(names)
        contact_id = pick(self.ids(), which)
        self.world.run(self.contacts.change(contact_id, fields, is_whole=is_whole))

    @precondition(lambda self: self.ids())
    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        self.world.run(self.contacts.delete(pick(self.ids(), which)))

    @precondition(lambda self: self.ids(TRASH))
    @rule(which=WHICH)
    def restore(self, which: int) -> None:
        contact_id = pick(self.ids(TRASH), which)

        async def restore() -> None:
            await TrashRepository(self.owner).restore(contact_id)

        self.world.run(restore())

    @precondition(lambda self: self.ids(VERSIONS))
    @rule(which=WHICH)
    def restore_version(self, which: int) -> None:
        row = pick(self.rows(VERSIONS), which)
        if row["id"] in self.ids():
            versions = VersionRepository(self.owner, None, 1000)
            self.world.run(versions.restore(row["id"], row["version"]))

    @precondition(lambda self: len(self.ids()) > 1)
    @rule(which=WHICH, count=st.integers(1, 3), names=FIELDS, overrides=st.booleans())
    def merge(self, which: int, count: int, names: set[str], overrides: bool) -> None:
        ids = self.ids()
        into = pick(ids, which)
        others = [each for each in ids if each != into][:count]
        fields = self.fields(names) if overrides else {}
        before = self.says()
        merged = self.world.run(self.merger().run(Merge(into, others, fields)))
        assert merged.operation_id is not None
        self.note(merged.operation_id, before)

    def merger(self) -> Merger:
        return Merger(self.owner, None, Caller())

    @rule(how=st.sampled_from(OnDuplicate))
    def bring(self, how: OnDuplicate) -> None:
        """Import a card of one name and e-mail, which is a duplicate from the second time on."""
        lines = [f"NOTE:{self.value()}", f"NICKNAME:{self.value()}", "EMAIL:ada@example.com"]
        card = "\r\n".join(["BEGIN:VCARD", "FN:Ada", "N:;Ada;;;", *lines, "END:VCARD", ""])
        importer = Importer(self.owner, 1000, self.world.pictures, Caller(), self.owner)
        before = self.says()
        options = ImportOptions(on_duplicate=how)
        report = self.world.run(importer.run_file(BytesIO(card.encode()), options))
        if report.operation_id is None:  # it was there already
            self.entered -= {line.partition(":")[2] for line in lines}
        else:
            self.note(report.operation_id, before)

    def says(self) -> list[tuple[int, str]]:
        return [(row["id"], row["says"]) for row in self.rows(BOOK)]

    def note(self, operation_id: int, before: list[tuple[int, str]]) -> None:
        self.done.append(operation_id)
        self.last = operation_id, self.says(), before

    @precondition(lambda self: self.done)
    @rule(which=WHICH)
    def undo(self, which: int) -> None:
        operation_id = self.done.pop(which % len(self.done))
        now = self.says()
        work = operations.undo(self.owner, None, 1000, operation_id, Caller())
        undone = self.world.run(work)
        last, after, before = self.last
        if operation_id == last and now == after and not undone.kept_count:
            assert self.says() == before, "as if it had not been done"

    @invariant()
    def every_value_is_somewhere(self) -> None:
        there = [*self.rows(BOOK), *self.rows(TRASH)]
        ids = {row["id"] for row in there}
        there += [row for row in self.rows(VERSIONS) if row["id"] in ids]
        found = {value for row in there for value in VALUE.findall(row["says"] or "")}
        assert self.entered <= found, self.entered - found


@contextmanager
def world(url: str) -> Iterator[World]:
    """Open the database beside a test that is no coroutine."""
    with asyncio.Runner() as runner:
        world = World(runner, url)
        world.run(world.open())
        try:
            yield world
        finally:
            world.run(world.close())


@pytest.mark.slow
def test_nothing_that_was_entered_is_lost(postgres_url: str, empty_tables: None) -> None:
    with world(postgres_url) as Rules.world:
        run_state_machine_as_test(
            Rules,
            settings=hypothesis_settings(
                max_examples=samples(10, 300), stateful_step_count=STEPS, deadline=None
            ),
        )
