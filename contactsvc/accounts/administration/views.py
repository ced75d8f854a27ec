"""The administrator's desk: accounts, the audit log and the outbox."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import orjson
from aiohttp import web
from aiohttp_apispec import (
    docs,
    json_schema,
    match_info_schema,
    querystring_schema,
    response_schema,
)

from contactsvc.accounts.administration.schemas import (
    AuditPageAnswer,
    AuditQuerySchema,
    MailPathSchema,
    OutboxPageAnswer,
    OutboxQuerySchema,
    UserAdminPatchSchema,
    UserPageAnswer,
    UserQuerySchema,
)
from contactsvc.accounts.audit import repository as audit
from contactsvc.accounts.users.filter import UserFilter
from contactsvc.accounts.users.model import Role
from contactsvc.accounts.users.schemas import UserAnswer, UserPathSchema
from contactsvc.accounts.view import AccountView
from contactsvc.mail import repository as outbox
from contactsvc.platform.database.keysets import Page, Position
from contactsvc.web.access import roles
from contactsvc.web.schemas import AcceptedAnswer
from contactsvc.web.view import json_response


class AdminView(AccountView):
    """Lists in keyset pages."""

    def after(self) -> Position:
        """Return where the page begins, None for the first.

        Raises:
            ValidationFailed: The cursor was not made for this listing.
        """
        cursor = self.query["cursor"]
        if cursor is None:
            return None
        return self.services.cursors.open(self._listing(), cursor)

    def page(self, page: Page[Any], answer: Callable[[Any], Any]) -> web.Response:
        """Answer a page."""
        next_cursor = None
        if page.next_position is not None:
            next_cursor = self.services.cursors.seal(self._listing(), page.next_position)
        items = [answer(row) for row in page.rows]
        return json_response({"items": items, "next_cursor": next_cursor})

    def _listing(self) -> str:
        """Return a name for this listing, which its cursors are bound to."""
        filters = {k: v for k, v in self.query.items() if k not in ("limit", "cursor")}
        parts = orjson.dumps([self.request.path.rstrip("/"), filters], option=orjson.OPT_SORT_KEYS)
        return f"admin:{sha256(parts).hexdigest()}"


class AdminUsersView(AdminView):
    """All accounts."""

    @roles(Role.ADMIN)
    @docs(tags=["admin"], operationId="list_users", summary="List and search users")
    @querystring_schema(UserQuerySchema)
    @response_schema(UserPageAnswer, 200, description="A page, in the order of the ids")
    async def get(self) -> web.Response:
        """Return a page of users."""
        query = self.query
        wanted = UserFilter(query["q"], query["role"], query["is_active"], query["confirmed"])
        users = self.services.users
        page = await users.page(wanted, query["limit"], self.after())
        return self.page(page, self.user_answer)


class AdminUserView(AccountView):
    """One account."""

    @roles(Role.ADMIN)
    @docs(tags=["admin"], operationId="get_user", summary="Read a user", problems=["not_found"])
    @match_info_schema(UserPathSchema)
    @response_schema(UserAnswer, 200, description="The user")
    async def get(self) -> web.Response:
        """Return a user."""
        user = await self.services.users.get(self.path["user_id"])
        return json_response(self.user_answer(user))

    @roles(Role.ADMIN)
    @docs(
        tags=["admin"],
        operationId="update_user",
        summary="Change role or active",
        description="Counts on that user's next request. Disabling ends their sessions.",
        problems=["not_found", "last_admin"],
    )
    @match_info_schema(UserPathSchema)
    @json_schema(UserAdminPatchSchema)
    @response_schema(UserAnswer, 200, description="The changed user")
    async def patch(self) -> web.Response:
        """Change what an administrator may change."""
        body = self.body
        user = await self.services.administration.update(
            self.path["user_id"],
            body.get("role"),
            body.get("is_active"),
            self.caller,
            actor_id=self.user.id,
        )
        return json_response(self.user_answer(user))

    @roles(Role.ADMIN)
    @docs(
        tags=["admin"],
        operationId="delete_user",
        summary="Delete a user",
        description="With contacts, sessions and avatar. There is no way back.",
        responses={"204": {"description": "Deleted"}},
        problems=["not_found", "last_admin"],
    )
    @match_info_schema(UserPathSchema)
    async def delete(self) -> web.Response:
        """Delete an account with its contacts."""
        await self.services.accounts.remove(
            self.path["user_id"], self.caller, actor_id=self.user.id
        )
        return web.Response(status=204)


class AdminLogoutView(AccountView):
    """The sessions of one account."""

    @roles(Role.ADMIN)
    @docs(
        tags=["admin"],
        operationId="end_user_sessions",
        summary="End all sessions of a user",
        responses={"204": {"description": "Ended"}},
        problems=["not_found"],
    )
    @match_info_schema(UserPathSchema)
    async def post(self) -> web.Response:
        """End the sessions."""
        await self.services.administration.end_sessions(
            self.path["user_id"], self.caller, actor_id=self.user.id
        )
        return web.Response(status=204)


class AdminResetView(AccountView):
    """The password of one account."""

    @roles(Role.ADMIN)
    @docs(
        tags=["admin"],
        operationId="start_user_reset",
        summary="Mail a user a link to reset the password",
        problems=["not_found"],
    )
    @match_info_schema(UserPathSchema)
    @response_schema(AcceptedAnswer, 202, description="It will be sent")
    async def post(self) -> web.Response:
        """Ask for the mail."""
        await self.services.administration.start_reset(
            self.path["user_id"], self.caller, actor_id=self.user.id
        )
        return json_response({"status": "accepted"}, status=202)


class AdminAuditView(AdminView):
    """The audit log."""

    @roles(Role.ADMIN)
    @docs(tags=["admin"], operationId="list_audit_events", summary="Read the audit log")
    @querystring_schema(AuditQuerySchema)
    @response_schema(AuditPageAnswer, 200, description="A page, the newest first")
    async def get(self) -> web.Response:
        """Return a page of events."""
        query = self.query
        wanted = {"user_id": query["user_id"], "event": query["event"]}
        return self.page(await audit.page(query["limit"], self.after(), **wanted), dict)


class AdminOutboxView(AdminView):
    """The outbox."""

    @roles(Role.ADMIN)
    @docs(
        tags=["admin"],
        operationId="list_outbox",
        summary="See what mail is waiting, was sent or was given up",
        description="No text and no token.",
    )
    @querystring_schema(OutboxQuerySchema)
    @response_schema(OutboxPageAnswer, 200, description="A page, the newest first")
    async def get(self) -> web.Response:
        """Return a page of mails."""
        query = self.query
        page = await outbox.page(query["limit"], self.after(), status=query["status"])
        return self.page(page, dict)


class AdminRetryView(AccountView):
    """One mail that was given up."""

    @roles(Role.ADMIN)
    @docs(
        tags=["admin"],
        operationId="retry_mail",
        summary="Try a mail again that was given up",
        problems=["not_found", "conflict"],
    )
    @match_info_schema(MailPathSchema)
    @response_schema(AcceptedAnswer, 202, description="It will be tried again")
    async def post(self) -> web.Response:
        """Revive the mail."""
        await self.services.administration.retry_mail(self.path["mail_id"])
        return json_response({"status": "accepted"}, status=202)
