"""Administration: accounts, the audit log and the outbox."""

from typing import Final

from aiohttp import web

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
from contactsvc.web.listing import CursorScope, Listing
from contactsvc.web.operation import Answer, only, operation
from contactsvc.web.schemas import AcceptedAnswer
from contactsvc.web.view import accepted, json_response

_SCOPE: Final = CursorScope("admin", by_user=False)
"""All administrators see the same, and so do their cursors."""


class AdminUsersView(AccountView):
    """All accounts."""

    @operation(
        tag="admin",
        id="list_users",
        summary="List and search users",
        access=only(Role.ADMIN),
        query=UserQuerySchema,
        answers=[Answer(200, "A page, in the order of the ids", UserPageAnswer)],
    )
    async def get(self) -> web.Response:
        """Return a page of users."""
        listing = Listing(self, scope=_SCOPE)
        wanted = UserFilter(**listing.filters)
        page = await self.services.users.page(wanted, listing.limit, listing.after)
        return json_response(listing.answer(page.map(self.user_answer)))


class AdminUserView(AccountView):
    """One account."""

    @operation(
        tag="admin",
        id="get_user",
        summary="Read a user",
        access=only(Role.ADMIN),
        path=UserPathSchema,
        answers=[Answer(200, "The user", UserAnswer)],
        problems=["not_found"],
    )
    async def get(self) -> web.Response:
        """Return a user."""
        user = await self.services.users.get(self.path["user_id"])
        return json_response(self.user_answer(user))

    @operation(
        tag="admin",
        id="update_user",
        summary="Change role or active",
        description="Counts on that user's next request. Disabling ends their sessions "
        "and app passwords.",
        access=only(Role.ADMIN),
        path=UserPathSchema,
        body=UserAdminPatchSchema,
        answers=[Answer(200, "The changed user", UserAnswer)],
        problems=["not_found", "last_admin"],
    )
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

    @operation(
        tag="admin",
        id="delete_user",
        summary="Delete a user",
        description="With contacts, sessions and avatar. There is no way back.",
        access=only(Role.ADMIN),
        path=UserPathSchema,
        answers=[Answer(204, "Deleted")],
        problems=["not_found", "last_admin"],
    )
    async def delete(self) -> web.Response:
        """Delete an account with its contacts."""
        await self.services.accounts.remove(
            self.path["user_id"], self.caller, actor_id=self.user.id
        )
        return web.Response(status=204)


class AdminLogoutView(AccountView):
    """The sessions of one account."""

    @operation(
        tag="admin",
        id="end_user_sessions",
        summary="End all sessions of a user",
        description="And all app passwords.",
        access=only(Role.ADMIN),
        path=UserPathSchema,
        answers=[Answer(204, "Ended")],
        problems=["not_found"],
    )
    async def post(self) -> web.Response:
        """End the sessions and app passwords."""
        await self.services.administration.end_sessions(
            self.path["user_id"], self.caller, actor_id=self.user.id
        )
        return web.Response(status=204)


class AdminResetView(AccountView):
    """The password of one account."""

    @operation(
        tag="admin",
        id="start_user_reset",
        summary="Mail a user a link to reset the password",
        access=only(Role.ADMIN),
        path=UserPathSchema,
        answers=[Answer(202, "It will be sent", AcceptedAnswer)],
        problems=["not_found"],
    )
    async def post(self) -> web.Response:
        """Queue the mail."""
        await self.services.administration.start_reset(
            self.path["user_id"], self.caller, actor_id=self.user.id
        )
        return accepted()


class AdminAuditView(AccountView):
    """The audit log."""

    @operation(
        tag="admin",
        id="list_audit_events",
        summary="Read the audit log",
        access=only(Role.ADMIN),
        query=AuditQuerySchema,
        answers=[Answer(200, "A page, the newest first", AuditPageAnswer)],
    )
    async def get(self) -> web.Response:
        """Return a page of events."""
        listing = Listing(self, scope=_SCOPE)
        page = await audit.page(listing.limit, listing.after, **listing.filters)
        return json_response(listing.answer(page))


class AdminOutboxView(AccountView):
    """The outbox."""

    @operation(
        tag="admin",
        id="list_outbox",
        summary="See what mail is waiting, was sent or was given up",
        description="No text and no token.",
        access=only(Role.ADMIN),
        query=OutboxQuerySchema,
        answers=[Answer(200, "A page, the newest first", OutboxPageAnswer)],
    )
    async def get(self) -> web.Response:
        """Return a page of mails."""
        listing = Listing(self, scope=_SCOPE)
        page = await outbox.page(listing.limit, listing.after, **listing.filters)
        return json_response(listing.answer(page))


class AdminRetryView(AccountView):
    """One mail that was given up."""

    @operation(
        tag="admin",
        id="retry_mail",
        summary="Try a mail again that was given up",
        access=only(Role.ADMIN),
        path=MailPathSchema,
        answers=[Answer(202, "It will be tried again", AcceptedAnswer)],
        problems=["not_found", "conflict"],
    )
    async def post(self) -> web.Response:
        """Queue the mail again."""
        await self.services.administration.retry_mail(self.path["mail_id"])
        return accepted()
