"""All that is kept about oneself."""

from typing import Final

from aiohttp import hdrs, web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.data_export.service import DataExport, note
from contactsvc.contacts.services import ContactServices, services_of
from contactsvc.platform.redis.throttle import Policy
from contactsvc.web.operation import Answer, operation
from contactsvc.web.streams import streamed

ZIP: Final = "application/zip"
_HEADERS: Final = {"Content-Disposition": 'attachment; filename="contactsvc-export.zip"'}


class DataExportView(AccountView):
    """The data of the signed-in user."""

    @property
    def services(self) -> ContactServices:
        """The services of the application."""
        return services_of(self.request.app)

    @operation(
        tag="users",
        id="export_my_data",
        summary="Take all my data along",
        description="A ZIP file with account, sign-ins, contacts, the trash, earlier versions, "
        "photos, avatar and the events of the audit log about oneself; its README.txt says what is "
        "what. It is made while it is sent. Ten are made an hour, and one at a time.",
        answers=[
            Answer(
                200,
                "A ZIP file",
                {"type": "string", "format": "binary"},
                headers=["Content-Disposition"],
            )
        ],
        media_types=[ZIP],
    )
    async def get(self) -> web.StreamResponse:
        """Send the archive."""
        if self.request.method == hdrs.METH_HEAD:
            return web.Response(headers=_HEADERS, content_type=ZIP)
        user, services = self.user, self.services
        with services.data_exports.admit(user.id):
            await services.throttle.hit(Policy.DATA_EXPORT, str(user.id))
            await note(user, self.caller)
            export = DataExport(
                user=user,
                account=self.user_answer(user),
                sessions=services.sessions,
                app_passwords=services.app_passwords,
                base_url=self.url(""),
                avatars=services.avatar_folder,
            )
            return await streamed(self.request, export.archive(), ZIP, _HEADERS)
