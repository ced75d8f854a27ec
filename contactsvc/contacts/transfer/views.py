"""Contacts in and out, as files."""

from contextlib import ExitStack
from typing import Final

from aiohttp import web

from contactsvc.accounts.idempotency.middleware import Keep, answer_once
from contactsvc.accounts.view import AccountView
from contactsvc.contacts.services import ContactServices, services_of
from contactsvc.contacts.transfer.exports.service import CARD
from contactsvc.contacts.transfer.report import Report
from contactsvc.contacts.transfer.schemas import ImportAnswer, ImportQuerySchema
from contactsvc.contacts.transfer.service import (
    MAX_IMPORTED,
    Importer,
    ImportOptions,
    named_columns,
)
from contactsvc.contacts.transfer.writing import OnDuplicate
from contactsvc.platform import files
from contactsvc.platform.redis.throttle import Policy
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.schemas import FileBody
from contactsvc.web.uploads import MULTIPART_OVERHEAD, spool_file
from contactsvc.web.view import json_response

MAX_BYTES: Final = 50 * 1024 * 1024
"""Bytes of an imported file."""

TIMEOUT: Final = 900.0
"""Seconds within which the whole file must arrive: half a megabit in each."""

_FILE: Final = FileBody(
    "text/vcard",
    f"A vCard file (2.1, 3.0 or 4.0) or a CSV file, up to {MAX_BYTES // 1024**2} MiB and "
    f"{MAX_IMPORTED} contacts",
    others=frozenset({"text/x-vcard", "text/csv"}),
    field="file",
    examples={
        "text/vcard": CARD,
        "text/x-vcard": CARD,
        "text/csv": "First name,Last name,E-mail\r\nAda,Lovelace,ada@example.com\r\n",
    },
)


class ImportView(AccountView):
    """Imports of files."""

    @property
    def services(self) -> ContactServices:
        """The services of the application."""
        return services_of(self.request.app)

    @operation(
        tag="contacts",
        id="import_contacts",
        summary="Import a file of contacts",
        description="What the file is decides, not its media type. All of it is imported, or "
        "nothing; what cannot be read costs that line or card alone. What has no field is kept, "
        "and exported again. One of a user is taken at a time.",
        access=DATA,
        query=ImportQuerySchema,
        upload=_FILE,
        body_limit=MAX_BYTES + MULTIPART_OVERHEAD,
        answers=[Answer(200, "What has become of its contacts", ImportAnswer)],
        problems=["quota_exceeded"],
        idempotency_key=True,
    )
    async def post(self) -> web.StreamResponse:
        """Import a file."""
        services, user, options = self.services, self.user, self._options()
        quota, pictures = services.settings.max_contacts, services.pictures
        importer = Importer(user.id, quota, pictures, self.caller, user.id)
        with ExitStack() as opened:
            slot = opened.enter_context(services.import_uploads.admit(user.id))
            opened.enter_context(files.room())
            await services.throttle.hit(Policy.IMPORT, str(user.id))
            async with slot.arriving():
                spooled = await spool_file(self.request, _FILE, MAX_BYTES, TIMEOUT)
                file = opened.enter_context(spooled)

            async def work(keep: Keep) -> web.Response:
                async with services.imports.turn():
                    report = await importer.run_file(
                        file, options, conclude=lambda report: keep(_answer(report))
                    )
                return _answer(report)

            return await answer_once(self.request, file, work)

    def _options(self) -> ImportOptions:
        query, settings = self.query, self.services.settings
        return ImportOptions(
            on_duplicate=OnDuplicate(query["on_duplicate"]),
            region=query.get("region") or self.user.region or settings.default_region,
            tag=query["tag"],
            dry_run=query["dry_run"],
            columns=named_columns(query["map"]),
        )


def _answer(report: Report) -> web.Response:
    return json_response(report.as_answer())
