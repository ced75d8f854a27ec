"""The middleware that authenticates a request and checks what its operation asks for."""

from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from contactsvc.accounts.app_passwords.model import AppPasswordScope
from contactsvc.accounts.app_passwords.sign_in import HINT, Attempt
from contactsvc.accounts.current_user.service import get_current_user
from contactsvc.accounts.keys import CLAIMS, CURRENT_USER, SCOPE
from contactsvc.accounts.services import AccountServices, services_of
from contactsvc.accounts.throttling import address_block
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.platform import logs
from contactsvc.platform.errors import EmailNotConfirmed, Forbidden, Unauthenticated
from contactsvc.platform.redis.throttle import Policy
from contactsvc.web.basic import basic_of
from contactsvc.web.bearer import bearer_of
from contactsvc.web.keys import CALLER, USER_ID
from contactsvc.web.operation import APP_PASSWORDS, OPERATION, Access, Credential

SAFE: Final = frozenset({hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS, "PROPFIND", "REPORT"})
"""Methods that change nothing (RFC 9110, section 9.2.1; RFC 4918, section 9.1; RFC 3253, 3.6)."""


@web.middleware
async def authentication(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the current user on the request, unless the handler is public."""
    operation = request[OPERATION]
    if operation is None or operation.access.public:
        return await handler(request)
    services, access = services_of(request.app), operation.access
    user, scope = await _signed_in(request, access, services)
    is_sync = Credential.BASIC in access.credentials
    await services.throttle.hit(Policy.SYNC if is_sync else Policy.USER, str(user.id))
    if services.settings.require_confirmed_email and not user.confirmed:
        raise EmailNotConfirmed
    if scope is not None:
        _check_scope(scope, request.method, access)
        request[SCOPE] = scope
    if access.roles and user.role not in access.roles:
        raise Forbidden
    request[CURRENT_USER] = user
    request[USER_ID] = user.id
    logs.bind_user_id(user.id)
    return await handler(request)


async def _signed_in(
    request: web.Request, access: Access, services: AccountServices
) -> tuple[CurrentUser, AppPasswordScope | None]:
    """Return the user, and the scope of the app password if they sign in with one.

    Raises:
        Unauthenticated: The credentials are missing or wrong, or of a kind not taken here.
    """
    if Credential.BASIC in access.credentials:
        if (basic := basic_of(request)) is None:
            raise Unauthenticated(HINT)
        attempt = Attempt(basic.password, address_block(request[CALLER].ip), basic.user_name)
        return await _by_app_password(attempt, request, services)
    token = bearer_of(request)
    if "." not in token:  # as there are in every JSON Web Token
        attempt = Attempt(token, address_block(request[CALLER].ip))
        return await _by_app_password(attempt, request, services)
    claims = services.tokens.read_access(token)
    # A role that was taken away must not count for another second, so PostgreSQL is asked.
    fresh = bool(access.roles)
    request[CLAIMS] = claims
    return await get_current_user(claims, services.cache, services.users, fresh=fresh), None


async def _by_app_password(
    attempt: Attempt, request: web.Request, services: AccountServices
) -> tuple[CurrentUser, AppPasswordScope]:
    user, grant = await services.app_password_sign_in.sign_in(attempt, request[CALLER])
    return user, grant.scope


def _check_scope(scope: AppPasswordScope, method: str, access: Access) -> None:
    """Check what an app password is good for.

    Raises:
        Forbidden: App passwords are not taken here, or this one may only read.
    """
    if access.credentials.isdisjoint(APP_PASSWORDS):
        raise Forbidden("An app password is for contacts and tags alone; sign in for this.")
    if scope is not AppPasswordScope.WRITE and method not in SAFE:
        raise Forbidden("This app password may only read.")
