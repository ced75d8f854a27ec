"""The signed-in user, and everybody's default avatar."""

from html import escape
from typing import Any, Final

from aiohttp import web
from aiohttp_apispec import docs, json_schema, match_info_schema, response_schema

from contactsvc.access import public
from contactsvc.keys import USERS
from contactsvc.models import CurrentUser
from contactsvc.schemas.users import UserAnswer, UserPatchSchema, UserPathSchema
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
        user_id = self.path["user_id"]
        initials = await self.request.app[USERS].initials(user_id)
        return web.Response(
            text=default_avatar(user_id, initials),
            content_type=_SVG,
            headers={
                "Cache-Control": "public, max-age=300",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            },
        )


def default_avatar(user_id: int, initials: str) -> str:
    """Return an SVG of 512 by 512 px with the initials on a colour that belongs to the id."""
    hue = user_id * 137 % 360  # near the golden angle: neighbours look different
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">'
        f'<rect width="512" height="512" fill="hsl({hue} 45% 40%)"/>'
        '<text x="256" y="256" dy=".35em" text-anchor="middle" fill="#fff" font-size="208"'
        f' font-family="system-ui, sans-serif">{escape(initials)}</text></svg>'
    )
