"""The administrator's desk: accounts, the audit log and the outbox."""

from typing import Final

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
from contactsvc.platform.database.keysets import Page
from contactsvc.web.access import roles
from contactsvc.web.listing import CursorScope, Listing
from contactsvc.web.schemas import AcceptedAnswer
from contactsvc.web.view import json_response

_SCOPE: Final = CursorScope("admin", by_user=False)
"""All administrators see the same, and so do their cursors."""


class AdminUsersView(AccountView):
    """All accounts."""

    @roles(Role.ADMIN)
    @docs(tags=["admin"], operationId="list_users", summary="List and search users")
    @querystring_schema(UserQuerySchema)
    @response_schema(UserPageAnswer, 200, description="A page, in the order of the ids")
    async def get(self) -> web.Response:
        """Return a page of users."""
        listing = Listing(self, scope=_SCOPE)
        wanted = UserFilter(**listing.filters)
        page = await self.services.users.page(wanted, listing.limit, listing.after)
        users = [self.user_answer(user) for user in page.rows]
        return json_response(listing.answer(Page(users, page.next_position)))


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


class AdminAuditView(AccountView):
    """The audit log."""

    @roles(Role.ADMIN)
    @docs(tags=["admin"], operationId="list_audit_events", summary="Read the audit log")
    @querystring_schema(AuditQuerySchema)
    @response_schema(AuditPageAnswer, 200, description="A page, the newest first")
    async def get(self) -> web.Response:
        """Return a page of events."""
        listing = Listing(self, scope=_SCOPE)
        page = await audit.page(listing.limit, listing.after, **listing.filters)
        return json_response(listing.answer(page))


class AdminOutboxView(AccountView):
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
        listing = Listing(self, scope=_SCOPE)
        page = await outbox.page(listing.limit, listing.after, **listing.filters)
        return json_response(listing.answer(page))


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
