"""The changes of an address book."""

from typing import Any

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.changes.repository import Place, Tombstone, changes
from contactsvc.contacts.changes.schemas import ChangesAnswer, ChangesQuerySchema
from contactsvc.contacts.rows import ContactRow
from contactsvc.platform.database.keysets import Page
from contactsvc.web.listing import Listing
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.view import json_response


class ChangesView(AccountView):
    """What has changed in the address book."""

    @operation(
        tag="contacts",
        id="list_changes",
        summary="Synchronise contacts",
        description="Without a cursor: all contacts. With next_cursor of the answer before: what "
        "has changed since, each contact once as it is now, and none is ever skipped. Go on while "
        "has_more, even where a page has fewer than limit; keep the last next_cursor for the next "
        "time. After 90 days, when deletions are forgotten, it is 410 cursor_expired: begin "
        "without one.",
        access=DATA,
        query=ChangesQuerySchema,
        answers=[Answer(200, "The oldest changes first", ChangesAnswer)],
        problems=["cursor_expired"],
    )
    async def get(self) -> web.Response:
        """Return a page of changes."""
        listing = Listing(self)
        after = None if listing.after is None else Place(*listing.after)
        found = await changes(self.user.id, listing.limit, after)
        place = [found.place.seq, found.place.contact_id, found.place.known]
        answer = listing.answer(Page([self._item(item) for item in found.items], place))
        return json_response(answer | {"has_more": found.has_more})

    def _item(self, item: ContactRow | Tombstone) -> dict[str, Any]:
        if isinstance(item, Tombstone):
            return {"id": item.id, "uid": item.uid, "deleted": True}
        return {"id": item["id"], "contact": contact_json(item, self.url(""))}
