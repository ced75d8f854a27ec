"""The middleware that authenticates a request and checks the role that its operation asks for."""

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.accounts.current_user.service import get_current_user
from contactsvc.accounts.keys import CLAIMS, CURRENT_USER
from contactsvc.accounts.services import services_of
from contactsvc.platform import logs
from contactsvc.platform.errors import EmailNotConfirmed, Forbidden
from contactsvc.platform.redis.throttle import Policy
from contactsvc.web.bearer import bearer_of
from contactsvc.web.keys import USER_ID
from contactsvc.web.operation import OPERATION


@web.middleware
async def authentication(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the current user on the request, unless the handler is public."""
    operation = request[OPERATION]
    if operation is None or operation.access.public:
        return await handler(request)
    services, access = services_of(request.app), operation.access
    claims = services.tokens.read_access(bearer_of(request))
    # A role that was taken away must not count for another second, so PostgreSQL is asked.
    fresh = bool(access.roles)
    user = await get_current_user(claims, services.cache, services.users, fresh=fresh)
    await services.throttle.hit(Policy.USER, str(user.id))
    if services.settings.require_confirmed_email and not user.confirmed:
        raise EmailNotConfirmed
    if access.roles and user.role not in access.roles:
        raise Forbidden
    request[CLAIMS] = claims
    request[CURRENT_USER] = user
    request[USER_ID] = user.id
    logs.bind_user_id(user.id)
    return await handler(request)
