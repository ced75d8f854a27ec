"""Files of contacts."""

from typing import Any, Final

from aiohttp import hdrs, web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.services import ContactServices, services_of
from contactsvc.contacts.transfer.exports.schemas import ExportQuerySchema
from contactsvc.contacts.transfer.exports.service import (
    AS_CARD,
    CARDS,
    MEDIA_TYPES,
    SUFFIXES,
    VERSIONS,
    Export,
    Format,
    note,
)
from contactsvc.platform.redis.throttle import Policy
from contactsvc.web.accept import Form, chosen
from contactsvc.web.operation import DATA, Answer, operation
from contactsvc.web.streams import streamed

_FORMS: Final = (*CARDS, Form(MEDIA_TYPES[Format.CSV]), Form(MEDIA_TYPES[Format.JSON]))
_FORMATS: Final = {media_type: each for each, media_type in MEDIA_TYPES.items()}


class ExportView(AccountView):
    """Exports as files."""

    @property
    def services(self) -> ContactServices:
        """The services of the application."""
        return services_of(self.request.app)

    @operation(
        tag="contacts",
        id="export_contacts",
        summary="Export contacts as a file",
        description="As vCard (4.0 or 3.0, with photos), CSV that spreadsheets open, or JSON with "
        "one contact a line; an import of vCard or CSV gives the same contacts. `format` counts "
        "before Accept. The filters are those of the list. The file is made while it is sent, "
        "two at a time.",
        access=DATA,
        query=ExportQuerySchema,
        answers=[
            Answer(
                200,
                "A file",
                {"type": "string", "format": "binary"},
                headers=["Content-Disposition"],
                others={
                    MEDIA_TYPES[Format.VCARD]: AS_CARD,
                    MEDIA_TYPES[Format.JSON]: {
                        "schema": {"type": "string"},
                        "example": '{"id":7,"display_name":"Ada Lovelace"}\n',
                    },
                },
            )
        ],
        problems=["not_acceptable"],
        media_types=list(MEDIA_TYPES.values()),
        any_accept=True,
    )
    async def get(self) -> web.StreamResponse:
        """Send the file."""
        user, services, query = self.user, self.services, dict(self.query)
        kind, version = self._form(query)
        headers = {
            "Content-Disposition": f'attachment; filename="contacts.{SUFFIXES[kind]}"',
            "Vary": hdrs.ACCEPT,
        }
        if self.request.method == hdrs.METH_HEAD:
            return web.Response(headers=headers, content_type=MEDIA_TYPES[kind], charset="utf-8")
        export = Export(
            owner_id=user.id,
            region=user.region or services.settings.default_region,
            base_url=self.url(""),
            format=kind,
            version="3.0" if version == "3.0" else "4.0",
            wanted=ContactFilter(**query),
        )
        with services.exports.admit(user.id):
            await services.throttle.hit(Policy.EXPORT, str(user.id))
            await note(user.id, self.caller, user.id)
            media_type = MEDIA_TYPES[kind]
            return await streamed(self.request, export.pieces(), media_type, headers, "utf-8")

    def _form(self, query: dict[str, Any]) -> tuple[Format, str]:
        """Take out of a query, or Accept, what the file is to be."""
        named, version = query.pop("format", None), query.pop("version", None)
        if named is not None:
            return Format(named), version or VERSIONS[0]
        form = chosen(self.request, _FORMS)
        return _FORMATS[form.media_type], version or form.version
