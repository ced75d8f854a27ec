"""The signed-in user's app passwords."""

from aiohttp import web

from contactsvc.accounts.app_passwords.schemas import (
    AppPasswordPathSchema,
    AppPasswordsAnswer,
    NewAppPasswordAnswer,
    NewAppPasswordSchema,
)
from contactsvc.accounts.view import AccountView
from contactsvc.platform.redis.throttle import Policy
from contactsvc.web.operation import Answer, operation
from contactsvc.web.view import json_response


class AppPasswordsView(AccountView):
    """The signed-in user's app passwords."""

    @operation(
        tag="users",
        id="list_my_app_passwords",
        summary="Which programs have an app password?",
        description="Those that have not expired, the newest first; 50 at the most.",
        answers=[Answer(200, "The app passwords", AppPasswordsAnswer)],
    )
    async def get(self) -> web.Response:
        """Return the user's app passwords: all of them, as their number is bounded."""
        return json_response({"items": await self.services.app_passwords.all(self.user.id)})

    @operation(
        tag="users",
        id="create_my_app_password",
        summary="Make an app password",
        description="For a program that cannot sign in as people do. It is a bearer token for "
        "contacts and tags, and never for the account. The answer is the only one that shows it; a "
        "notice is mailed.",
        body=NewAppPasswordSchema,
        answers=[Answer(201, "Made", NewAppPasswordAnswer)],
        problems=["conflict"],
    )
    async def post(self) -> web.Response:
        """Make an app password."""
        user, caller = self.user, self.caller
        await self.services.throttle.hit(Policy.NEW_APP_PASSWORD, str(user.id))
        password, row = await self.services.app_passwords.create(
            user, **self.body, caller=caller, actor_id=user.id
        )
        return json_response({**row, "password": password}, status=201)


class AppPasswordView(AccountView):
    """One app password of the signed-in user."""

    @operation(
        tag="users",
        id="revoke_my_app_password",
        summary="Revoke an app password",
        description="It stops working at once.",
        path=AppPasswordPathSchema,
        answers=[Answer(204, "Revoked")],
        problems=["not_found"],
    )
    async def delete(self) -> web.Response:
        """End one of the user's app passwords."""
        user_id = self.user.id
        password_id = self.path["password_id"]
        await self.services.app_passwords.revoke(
            user_id, password_id, self.caller, actor_id=user_id
        )
        return web.Response(status=204)
