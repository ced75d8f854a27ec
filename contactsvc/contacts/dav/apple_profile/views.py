"""The configuration profile for Apple devices."""

from typing import Final

from aiohttp import web

from contactsvc.accounts.view import AccountView
from contactsvc.contacts.dav.apple_profile.profile import profile
from contactsvc.web.operation import Answer, operation

MOBILECONFIG: Final = "application/x-apple-aspen-config"
_HEADERS: Final = {"Content-Disposition": 'attachment; filename="contacts.mobileconfig"'}


class AppleProfileView(AccountView):
    """The profile of the signed-in user."""

    @operation(
        tag="users",
        id="get_apple_profile",
        summary="Set up an iPhone, iPad or Mac",
        description="A configuration profile that adds the address book (CardDAV) to Apple's "
        "Contacts. It has no password: the device asks for one when it is installed, which is an "
        "app password. Installed again, it replaces the earlier one.",
        answers=[
            Answer(
                200,
                "A configuration profile",
                {"type": "string", "format": "binary"},
                headers=["Content-Disposition"],
            )
        ],
        media_types=[MOBILECONFIG],
    )
    async def get(self) -> web.Response:
        """Send the profile."""
        body = profile(self.user, self.services.settings.public_url)
        return web.Response(body=body, content_type=MOBILECONFIG, headers=_HEADERS)
