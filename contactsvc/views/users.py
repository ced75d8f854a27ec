"""The signed-in user, and everybody's default avatar."""

from typing import Any, Final

from aiohttp import web
from aiohttp_apispec import docs, json_schema, match_info_schema, response_schema

from contactsvc.access import public
from contactsvc.keys import USERS
from contactsvc.models import CurrentUser
from contactsvc.schemas.users import UserAnswer, UserPatchSchema, UserPathSchema
from contactsvc.services.avatars import default_avatar
from contactsvc.views.base import View, json_response

_SVG: Final = "image/svg+xml"


class MeView(View):
    """Oneself."""

    @docs(tags=["users"], operationId="get_me", summary="Who am I?")
    @response_schema(UserAnswer, 200, description="The signed-in user")
    async def get(self) -> web.Response:
        """Return the signed-in user; no query is needed for it."""
        return json_response(self._answer(self.user))

    @docs(tags=["users"], operationId="update_me", summary="Change my name")
    @json_schema(UserPatchSchema)
    @response_schema(UserAnswer, 200, description="The changed user")
    async def patch(self) -> web.Response:
        """Change what users may change of themselves."""
        user = self.user
        if "name" in self.body:
            user = await self.request.app[USERS].rename(user.id, self.body["name"])
        return json_response(self._answer(user))

    def _answer(self, user: CurrentUser) -> dict[str, Any]:
        return {
            "id": user.id,
            "email": user.email,
            "name": user.name,
            "role": user.role,
            "confirmed": user.confirmed,
            "is_active": user.is_active,
            "avatar_url": user.avatar or self.url(f"/api/users/{user.id}/avatar.svg"),
            "created_at": user.created_at,
        }


class DefaultAvatarView(View):
    """The picture of those who have none of their own."""

    @public
    @docs(
        tags=["users"],
        operationId="get_default_avatar",
        summary="The default avatar",
        description="The initials on a colour that belongs to the id.",
        produces=[_SVG],
        responses={
            "200": {"description": "A picture", "schema": {"type": "string"}},
        },
        problems=["not_found"],
    )
    @match_info_schema(UserPathSchema)
    async def get(self) -> web.Response:
        """Draw the default avatar."""
        return web.Response(
            text=await default_avatar(self.request.app[USERS], self.path["user_id"]),
            content_type=_SVG,
            headers={
                "Cache-Control": "public, max-age=300",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            },
        )
