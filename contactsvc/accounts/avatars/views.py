"""The default avatar, and the uploaded avatars of administrators."""

from typing import Final

from aiohttp import web

from contactsvc.accounts.avatars.schemas import (
    AvatarPathSchema,
    AvatarSchema,
    DefaultAvatarPathSchema,
)
from contactsvc.accounts.avatars.service import default_avatar
from contactsvc.accounts.users.model import Role
from contactsvc.accounts.users.schemas import UserAnswer
from contactsvc.accounts.view import AccountView
from contactsvc.platform.storage.pictures import SQUARE_TYPE
from contactsvc.web.operation import PUBLIC, Answer, only, operation
from contactsvc.web.uploads import MULTIPART_OVERHEAD, read_file
from contactsvc.web.view import json_response

MAX_BYTES: Final = 5 * 1024 * 1024
"""Bytes that an uploaded picture may have."""

_SVG: Final = "image/svg+xml"


class AvatarView(AccountView):
    """One's own picture, which only administrators have."""

    @operation(
        tag="users",
        id="replace_avatar",
        summary="Upload my avatar",
        description="The middle of it becomes a square of 512 pixels, without metadata; of an "
        "animation the first frame. For administrators; users keep the default avatar.",
        access=only(Role.ADMIN),
        upload=AvatarSchema,
        body_limit=MAX_BYTES + MULTIPART_OVERHEAD,
        answers=[Answer(200, "The user, with the new avatar_url", UserAnswer)],
    )
    async def patch(self) -> web.Response:
        """Replace the avatar."""
        upload = await read_file(self.request, "file", MAX_BYTES)
        user = await self.services.avatars.replace(self.user.id, upload)
        return json_response(self.user_answer(user))

    @operation(
        tag="users",
        id="delete_avatar",
        summary="Take the default avatar again",
        access=only(Role.ADMIN),
        answers=[Answer(200, "The user, with the default avatar_url", UserAnswer)],
    )
    async def delete(self) -> web.Response:
        """Delete the avatar."""
        user = await self.services.avatars.remove(self.user.id)
        return json_response(self.user_answer(user))


class DefaultAvatarView(AccountView):
    """The picture of those who have none of their own."""

    @operation(
        tag="users",
        id="get_default_avatar",
        summary="The default avatar",
        description="Where `avatar_url` leads: initials on a colour, made of the URL alone. No "
        "account is looked up, so nothing can be learnt from it.",
        access=PUBLIC,
        path=DefaultAvatarPathSchema,
        answers=[Answer(200, "A picture", {"type": "string"})],
        media_types=[_SVG],
    )
    async def get(self) -> web.Response:
        """Draw the default avatar."""
        return web.Response(
            text=default_avatar(self.path["letters"], self.path["colour"]),
            content_type=_SVG,
            headers={
                "Cache-Control": "public, max-age=31536000, immutable",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            },
        )


class StoredAvatarView(AccountView):
    """A picture out of the service's own folder."""

    @operation(
        tag="users",
        id="get_avatar",
        summary="An uploaded avatar",
        description="Where `avatar_url` leads. A name always means the same picture.",
        access=PUBLIC,
        path=AvatarPathSchema,
        answers=[Answer(200, "A picture", {"type": "string", "format": "binary"})],
        problems=["not_found"],
        media_types=[SQUARE_TYPE],
    )
    async def get(self) -> web.Response:
        """Return the picture."""
        return web.Response(
            body=await self.services.avatar_folder.read(self.path["name"]),
            content_type=SQUARE_TYPE,
            headers={
                "Cache-Control": "public, max-age=31536000, immutable",
                "Content-Security-Policy": "default-src 'none'",
            },
        )
