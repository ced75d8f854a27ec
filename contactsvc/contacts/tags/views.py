"""Views of all tags, and of one."""

from dataclasses import asdict

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.tags.repository import TagRepository
from contactsvc.contacts.tags.schemas import TagAnswer, TagPathSchema, TagsAnswer, TagSchema
from contactsvc.contacts.views import owner_of
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.view import json_response


def _tags_of(request: web.Request) -> TagRepository:
    owner_id, region, _ = owner_of(request)
    return TagRepository(owner_id, region)


class TagsView(AccountView):
    """The tags of one's contacts."""

    @operation(
        tag="contacts",
        id="list_tags",
        summary="List all tags",
        description="With the number of contacts that have each.",
        access=DATA,
        answers=[Answer(200, "The tags", TagsAnswer)],
    )
    async def get(self) -> web.Response:
        """Return all tags."""
        return json_response({"items": await _tags_of(self.request).all()})


class TagView(AccountView):
    """One tag."""

    @operation(
        tag="contacts",
        id="rename_tag",
        summary="Rename a tag",
        description="On every contact that has it. Renaming it onto another one merges both. Where "
        "it is interrupted, repeat the call: it goes on with the rest.",
        access=DATA,
        path=TagPathSchema,
        body=TagSchema,
        answers=[Answer(200, "Renamed", TagAnswer)],
        problems=["not_found"],
    )
    async def patch(self) -> web.Response:
        """Rename a tag."""
        tag = await _tags_of(self.request).rename(self.path["name"], self.body["name"])
        return json_response(asdict(tag))

    @operation(
        tag="contacts",
        id="remove_tag",
        summary="Take a tag off every contact",
        access=DATA,
        path=TagPathSchema,
        answers=[Answer(204, "Removed")],
        problems=["not_found"],
    )
    async def delete(self) -> web.Response:
        """Remove a tag; the contacts stay."""
        await _tags_of(self.request).remove(self.path["name"])
        return web.Response(status=204)
