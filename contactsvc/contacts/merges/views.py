"""Views of merges."""

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.merges.schemas import (
    MAX_FROM,
    MergeAnswer,
    MergeQuerySchema,
    MergeSchema,
)
from contactsvc.contacts.merges.service import Merge, Merger
from contactsvc.contacts.schemas.limits import MAX_BYTES
from contactsvc.contacts.views import owner_of
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.preconditions import precondition, validators
from contactsvc.web.view import json_response


class MergeView(AccountView):
    """Merges of contacts."""

    @operation(
        tag="contacts",
        id="merge_contacts",
        summary="Merge contacts into one",
        description=f"The contact `into` keeps its fields, gets those that it lacks, and has the "
        f"lists, tags and notes of all. Up to {MAX_FROM} others go into the trash as they are, so "
        "what they say otherwise is still there. CardDAV groups list `into` in their place. The "
        "ETag, and the preconditions, are those of `into`. In a dry run nothing changes: the "
        "answer has what would become of it.",
        access=DATA,
        query=MergeQuerySchema,
        body=MergeSchema,
        body_limit=MAX_BYTES,
        answers=[Answer(200, "Merged", MergeAnswer, headers=["ETag"])],
        problems=["not_found", "conflict", "precondition_failed"],
        idempotency_key=True,
        request_headers=["If-Match", "If-None-Match"],
    )
    async def post(self) -> web.Response:
        """Merge contacts."""
        body = self.body
        wanted = Merge(body["into"], body["from"], body["contact"], *precondition(self.request))
        owner_id, region, _ = owner_of(self.request)
        merger = Merger(owner_id, region, self.caller)
        is_dry = body["dry_run"] or self.query["dry_run"]
        outcome = await (merger.preview(wanted) if is_dry else merger.run(wanted))
        contact = contact_json(outcome.contact, self.url(""))
        answer = {"contact": contact, "operation_id": outcome.operation_id}
        return json_response(answer, headers=validators(outcome.version))
